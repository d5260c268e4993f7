package dev.cpv;

import static dev.cpv.Fixture.TENANT;
import static dev.cpv.Fixture.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.PassingDirectory;
import dev.cpv.testing.RecordingListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What listeners are told, in which order, and that their faults change nothing. */
class ListenerTest {
    private final Fixture fixture = new Fixture();

    @Test
    void firstConsentIsToldInOrder() {
        fixture.tenant.consentVisibleAfter(1);

        fixture.client.refresh(TENANT);

        assertThat(fixture.listener.events())
                .containsExactly(
                        "started",
                        "observed NOT_CONSENTED",
                        "planned 5",
                        "consent APPLIED",
                        "observed NOT_VISIBLE_YET",
                        "observed VISIBLE",
                        "planned 4",
                        "assign-app-role APPLIED",
                        "set-scopes APPLIED",
                        "assign-app-role APPLIED",
                        "set-scopes APPLIED",
                        "finished UPDATED");
    }

    @Test
    void tenantInSyncHasNoPlanToTell() {
        fixture.inSync();

        fixture.client.refresh(TENANT);
        fixture.client.preview(TENANT);

        assertThat(fixture.listener.events())
                .containsExactly(
                        "started",
                        "observed VISIBLE",
                        "finished UP_TO_DATE",
                        "started",
                        "observed VISIBLE",
                        "finished UP_TO_DATE");
    }

    @Test
    void previewTellsWhatItPlans() {
        fixture.consented();

        fixture.client.preview(TENANT);

        assertThat(fixture.listener.events())
                .containsExactly("started", "observed VISIBLE", "planned 4", "finished DRIFTED");
    }

    @Test
    void endIsAlwaysTold() {
        fixture.tenant.failNext(failure(FailureCode.NETWORK_FAILURE));

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(fixture.listener.events()).containsExactly("started", "finished FAILED");
        assertThat(fixture.listener.results()).containsExactly(result);
    }

    @Test
    void actorAndReasonAreTold() {
        List<String> told = new ArrayList<>();
        CpvClient client = fixture.builder(fixture.directory)
                .addListener(new RefreshListener() {
                    @Override
                    public void started(RefreshContext context) {
                        told.add(context.options().actor().orElse("?") + ", "
                                + context.options().reason().orElse("?"));
                    }
                })
                .build();

        client.preview(TENANT, RefreshOptions.defaults().withActor("ann").withReason("ticket 7"));

        assertThat(told).containsExactly("ann, ticket 7");
    }

    @Test
    void faultOfAListenerChangesNothing() {
        RefreshListener faulty = new RefreshListener() {
            @Override
            public void started(RefreshContext context) {
                throw new IllegalStateException();
            }

            @Override
            public void observed(RefreshContext context, ObservedTenant observed) {
                throw new IllegalStateException();
            }

            @Override
            public void planned(RefreshContext context, CpvRefreshPlan plan) {
                throw new IllegalStateException();
            }

            @Override
            public void stepAnswered(RefreshContext context, Step step, StepResult result) {
                throw new IllegalStateException();
            }

            @Override
            public void finished(RefreshContext context, CpvResult result) {
                throw new IllegalStateException();
            }
        };
        CpvClient client = CpvClient.builder(fixture.directory, Fixture.REQUIRED)
                .addListener(faulty)
                .addListener(fixture.listener)
                .build();

        CpvResult result = client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.listener.events())
                .as("the next listener")
                .startsWith("started")
                .endsWith("finished UPDATED");
    }

    @Test
    void everyKindOfOperationStartsAndFinishes(@TempDir Path directory) {
        fixture.inSync();
        Named named = new Named("", new ArrayList<>());
        CpvClient client = fixture.builder(fixture.directory, FileRefreshJournal.open(directory))
                .addListener(named)
                .build();

        client.refresh(TENANT);
        client.apply(client.preview(TENANT).plan());
        client.reset(client.planReset(TENANT));
        client.offboard(TENANT);

        assertThat(named.events)
                .containsExactly(
                        "started REFRESH",
                        "finished REFRESH",
                        "started PREVIEW",
                        "finished PREVIEW",
                        "started APPLY",
                        "finished APPLY",
                        "started PLAN_RESET",
                        "finished PLAN_RESET",
                        "started RESET",
                        "finished RESET",
                        "started OFFBOARD",
                        "finished OFFBOARD");
    }

    @Test
    void plannedResetIsReportedWithTheTenantAsItStands() {
        fixture.consented();

        CpvResetPlan plan = fixture.client.planReset(TENANT);

        assertThat(plan.failure()).isEmpty();
        assertThat(fixture.listener.events()).containsExactly("started", "observed VISIBLE", "finished DRIFTED");
        assertThat(fixture.listener.results()).singleElement().satisfies(result -> {
            assertThat(result.tenantId()).contains(TENANT);
            assertThat(result.failure()).isEmpty();
            assertThat(result.steps()).isEmpty();
            assertThat(result.count(PermissionOutcome.Status.ALREADY_GRANTED)).isEqualTo(3);
            assertThat(result.count(PermissionOutcome.Status.MISSING)).isEqualTo(4);
        });
    }

    @Test
    void resetThatCannotBePlannedIsReportedWithItsFailure() {
        CpvResetPlan plan = fixture.client.planReset(TENANT);

        assertThat(plan.failure()).isPresent();
        assertThat(fixture.listener.events()).containsExactly("started", "observed NOT_CONSENTED", "finished FAILED");
        assertThat(fixture.listener.results())
                .singleElement()
                .satisfies(result -> assertThat(result.failure()).isEqualTo(plan.failure()));
    }

    @Test
    void busyTenantIsReportedToo() {
        fixture.journal.acquire(TENANT, "other", fixture.clock.instant(), Duration.ofHours(1));

        fixture.client.refresh(TENANT);

        assertThat(fixture.listener.events()).containsExactly("started", "finished FAILED");
    }

    @Test
    void finishedComesInReverseOrderOfStarted() {
        List<String> events = new ArrayList<>();
        CpvClient client = fixture.builder(fixture.directory)
                .addListener(new Named("outer ", events))
                .addListener(new Named("inner ", events))
                .build();

        client.preview(TENANT);
        client.refresh("nobody.example");

        assertThat(events)
                .containsExactly(
                        "outer started PREVIEW",
                        "inner started PREVIEW",
                        "inner finished PREVIEW",
                        "outer finished PREVIEW",
                        "inner unresolved nobody.example",
                        "outer unresolved nobody.example");
    }

    @Test
    void domainThatDoesNotResolveIsReportedWithItsResult() {
        List<String> actors = new ArrayList<>();
        List<CpvResult> results = new ArrayList<>();
        CpvClient client = fixture.builder(fixture.directory)
                .addListener(new RefreshListener() {
                    @Override
                    public void unresolved(String domain, RefreshOptions options, CpvResult result) {
                        actors.add(domain + " " + options.actor().orElse("?"));
                        results.add(result);
                    }
                })
                .build();

        CpvResult result =
                client.refresh("nobody.example", RefreshOptions.defaults().withActor("ann"));

        assertThat(actors).containsExactly("nobody.example ann");
        assertThat(results).containsExactly(result);
        assertThat(fixture.listener.events()).containsExactly("unresolved FAILED");
    }

    @Test
    void errorOfADirectoryReachesTheCallerAfterTheEndIsReported() {
        fixture.consented();
        LinkageError error = new LinkageError("token=secret");
        CpvClient client = fixture.client(new PassingDirectory(fixture.directory) {
            @Override
            protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                super.apply(session, context, steps.subList(0, 1), sink);
                throw error;
            }
        });

        assertThatThrownBy(() -> client.refresh(TENANT)).isSameAs(error);

        assertThat(fixture.listener.events())
                .containsExactly(
                        "started", "observed VISIBLE", "planned 4", "assign-app-role APPLIED", "finished FAILED");
        assertThat(fixture.listener.results()).singleElement().satisfies(result -> {
            assertThat(result.failure()).hasValueSatisfying(failure -> {
                assertThat(failure.code()).isEqualTo(FailureCode.UNKNOWN);
                assertThat(failure.message()).contains("java.lang.LinkageError").doesNotContain("secret");
            });
            assertThat(result.steps()).as("the answer that came").hasSize(1);
            assertThat(result.permissions())
                    .hasSize(7)
                    .allSatisfy(
                            permission -> assertThat(permission.status()).isEqualTo(PermissionOutcome.Status.FAILED));
        });
        assertThat(fixture.journal.lease(TENANT)).as("the lease").isEmpty();
        assertThat(fixture.journal.find(TENANT)).as("no attempt").isEmpty();
        assertThat(fixture.client.refresh(TENANT).outcome()).as("not busy").isEqualTo(RefreshOutcome.UPDATED);
    }

    @Test
    void errorWhileADomainIsResolvedReachesTheCallerAfterTheEndIsReported() {
        LinkageError error = new LinkageError();
        CpvClient client = fixture.client(new PassingDirectory(fixture.directory) {
            @Override
            public TenantId resolve(String domain) {
                throw error;
            }
        });

        assertThatThrownBy(() -> client.refresh("contoso.example")).isSameAs(error);

        assertThat(fixture.listener.events()).containsExactly("unresolved FAILED");
    }

    @Test
    void errorOfAListenerReachesTheCallerAfterAllOthersWereCalled() {
        fixture.inSync();
        for (String when : List.of("started", "observed", "finished")) {
            AssertionError first = new AssertionError("first");
            AssertionError second = new AssertionError("second");
            RecordingListener between = new RecordingListener();
            CpvClient client = CpvClient.builder(fixture.directory, Fixture.REQUIRED)
                    .addListener(new Throwing(when, first))
                    .addListener(between)
                    .addListener(new Throwing(when, second))
                    .build();

            assertThatThrownBy(() -> client.preview(TENANT))
                    .isSameAs(when.equals("finished") ? second : first)
                    .satisfies(e ->
                            assertThat(e.getSuppressed()).containsExactly(when.equals("finished") ? first : second));

            assertThat(between.events())
                    .as("the listener between, where the others throw in %s", when)
                    .containsExactlyElementsOf(
                            switch (when) {
                                case "started" -> List.of("started", "finished FAILED");
                                case "observed" -> List.of("started", "observed VISIBLE", "finished FAILED");
                                default -> List.of("started", "observed VISIBLE", "finished UP_TO_DATE");
                            });
        }
    }

    /** Throws in one event. */
    private record Throwing(String when, Error error) implements RefreshListener {
        @Override
        public void started(RefreshContext context) {
            throwIf("started");
        }

        @Override
        public void observed(RefreshContext context, ObservedTenant observed) {
            throwIf("observed");
        }

        @Override
        public void finished(RefreshContext context, CpvResult result) {
            throwIf("finished");
        }

        private void throwIf(String event) {
            if (event.equals(when)) {
                throw error;
            }
        }
    }

    /** Writes down the begin and the end of each operation. */
    private record Named(String name, List<String> events) implements RefreshListener {
        @Override
        public void started(RefreshContext context) {
            events.add(name + "started " + context.operation());
        }

        @Override
        public void finished(RefreshContext context, CpvResult result) {
            events.add(name + "finished " + context.operation());
        }

        @Override
        public void unresolved(String domain, RefreshOptions options, CpvResult result) {
            events.add(name + "unresolved " + domain);
        }
    }
}
