package dev.cpv;

import static dev.cpv.Fixture.GRAPH;
import static dev.cpv.Fixture.GRAPH_ROLE;
import static dev.cpv.Fixture.TENANT;
import static dev.cpv.Fixture.assign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cpv.PermissionOutcome.Status;
import dev.cpv.model.AppId;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantRecord;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenantDirectory.Call.Kind;
import dev.cpv.testing.PassingDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R18 and what else ends an operation early: deadline, interruption, another operation on the tenant. */
class StoppingTest {
    private final Fixture fixture = new Fixture();
    private final Cancellation cancellation = new Cancellation();
    private final RefreshOptions cancellable = RefreshOptions.defaults().withCancellation(cancellation);

    @AfterEach
    void leaveNoInterruptBehind() {
        Thread.interrupted();
    }

    @Test
    void R18_cancelledBeforeItStartsNothingIsAsked() {
        cancellation.cancel();

        CpvResult result = fixture.client.refresh(TENANT, cancellable);

        assertCancelled(result);
        assertThat(fixture.calls()).isEmpty();
    }

    @Test
    void R18_cancelledAfterTheLookNothingIsWritten() {
        fixture.consented();
        CpvClient client = fixture.builder(fixture.directory)
                .addListener(new RefreshListener() {
                    @Override
                    public void observed(RefreshContext context, ObservedTenant observed) {
                        cancellation.cancel();
                    }
                })
                .build();

        CpvResult result = client.refresh(TENANT, cancellable);

        assertCancelled(result);
        assertThat(fixture.writes()).isEmpty();
        assertCompletedByTheNext();
    }

    /** Asks for everything, and is cancelled by its look. */
    private CpvClient cancelledByItsLook(List<String> asked) {
        Fixture.Undefined directory = new Fixture.Undefined(fixture.directory) {
            @Override
            protected Map<AppId, ResourceDefinition> definitions(
                    TenantSession session, RefreshContext context, Set<AppId> resources) {
                asked.add("definitions");
                return super.definitions(session, context, resources);
            }

            @Override
            protected TenantSnapshot snapshot(TenantSession session, RefreshContext context) {
                asked.add("snapshot");
                return super.snapshot(session, context);
            }
        };
        return fixture.builder(directory)
                .addListener(new RefreshListener() {
                    @Override
                    public void observed(RefreshContext context, ObservedTenant observed) {
                        asked.add("look");
                        cancellation.cancel();
                    }
                })
                .build();
    }

    @Test
    void R18_cancelledAfterTheLookNoDefinitionIsAskedFor() {
        fixture.inSync();
        List<String> asked = new ArrayList<>();

        CpvResult result = cancelledByItsLook(asked).refresh(TENANT, cancellable);

        assertCancelled(result);
        assertThat(asked).containsExactly("look");
    }

    @Test
    void R18_cancelledAfterTheLookNoSnapshotIsTaken() {
        fixture.inSync();
        List<String> asked = new ArrayList<>();

        CpvResetPlan plan = cancelledByItsLook(asked).planReset(TENANT, cancellable);

        assertThat(plan.failure().map(CpvFailure::code)).contains(FailureCode.CANCELLED);
        assertThat(asked).containsExactly("look");
    }

    @Test
    void R18_cancelledWhileWritingTheResultIsCancelledAndTellsWhatWasDone() {
        fixture.consented();
        CpvClient client = fixture.builder(fixture.directory)
                .addListener(new RefreshListener() {
                    @Override
                    public void stepAnswered(RefreshContext context, Step step, StepResult result) {
                        cancellation.cancel();
                    }
                })
                .build();

        CpvResult result = client.refresh(TENANT, cancellable);

        assertCancelled(result);
        assertThat(result.count(Status.GRANTED)).isEqualTo(1);
        assertThat(result.count(Status.ALREADY_GRANTED)).isEqualTo(3);
        assertThat(result.count(Status.FAILED)).isEqualTo(3);
        assertCompletedByTheNext();
    }

    @Test
    void R18_cancelledWhileWaitingForConsent() {
        fixture.tenant.consentVisibleAfter(5);
        CpvClient client = fixture.builder(fixture.directory)
                .sleeper(duration -> {
                    fixture.clock.advance(duration);
                    cancellation.cancel();
                })
                .build();

        CpvResult result = client.refresh(TENANT, cancellable);

        assertCancelled(result);
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE, Kind.CONSENT, Kind.OBSERVE);
        assertCompletedByTheNext();
    }

    @Test
    void R18_cancellationAfterTheLastWriteIsTooLate() {
        fixture.inSync();
        CpvClient client = fixture.builder(fixture.directory)
                .addListener(new RefreshListener() {
                    @Override
                    public void observed(RefreshContext context, ObservedTenant observed) {
                        cancellation.cancel();
                    }
                })
                .build();

        assertThat(client.refresh(TENANT, cancellable).outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void R18_interruptionCancelsAndTheFlagStaysSet() {
        fixture.tenant.consentVisibleAfter(5);
        CpvClient client = fixture.builder(fixture.directory)
                .sleeper(duration -> {
                    throw new InterruptedException();
                })
                .build();

        CpvResult result = client.refresh(TENANT);

        assertCancelled(result);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void R18_cancelledRefreshLeavesTheRecordOfTheLastOne() {
        fixture.inSync();
        fixture.client.refresh(TENANT);
        TenantRecord before = fixture.journal.find(TENANT).orElseThrow();
        cancellation.cancel();

        fixture.client.refresh(TENANT, cancellable);

        assertThat(fixture.journal.find(TENANT)).contains(before);
    }

    @Test
    void deadlineEndsTheWaitAndIsWorthRetrying() {
        fixture.tenant.consentVisibleAfter(100);

        CpvResult result =
                fixture.client.refresh(TENANT, RefreshOptions.defaults().withTimeout(Duration.ofSeconds(10)));

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.DEADLINE_EXCEEDED);
        assertThat(result.worthRetrying()).isTrue();
        assertThat(result.duration()).isEqualTo(Duration.ofSeconds(10));
        assertThat(fixture.clock.sleeps())
                .containsExactly(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(3));
    }

    @Test
    void clientsOwnTimeoutHoldsWhereACallNamesNone() {
        fixture.tenant.consentVisibleAfter(100);
        CpvClient client = fixture.builder(fixture.directory)
                .timeout(Duration.ofSeconds(10))
                .build();

        CpvResult result = client.refresh(TENANT);

        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.DEADLINE_EXCEEDED);
        assertThat(result.duration()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void deadlineThatPassesDuringALookLeavesEverythingUnwritten() {
        fixture.consented();
        PassingDirectory slow = new PassingDirectory(fixture.directory) {
            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                fixture.clock.advance(Duration.ofMinutes(11));
                return super.observe(session, context, resources);
            }
        };

        CpvResult result = fixture.client(slow).refresh(TENANT);

        assertThat(result.outcome()).as("the tenant was observed").isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.DEADLINE_EXCEEDED);
        assertThat(fixture.writes()).isEmpty();
    }

    @Test
    void sessionIsClosedOnceHoweverTheOperationEnds() {
        fixture.inSync();
        List<String> events = new ArrayList<>();
        LinkageError error = new LinkageError();
        PassingDirectory directory = new PassingDirectory(fixture.directory) {
            @Override
            public TenantSession open(RefreshContext context) {
                events.add("open " + context.operation());
                return super.open(context);
            }

            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                switch (context.options().actor().orElse("")) {
                    case "fault" -> throw new IllegalStateException();
                    case "error" -> throw error;
                    default -> {}
                }
                return super.observe(session, context, resources);
            }

            @Override
            protected void close(TenantSession session) {
                events.add("close");
                super.close(session);
                throw new IllegalStateException("a fault that changes nothing");
            }
        };
        CpvClient client = fixture.client(directory);

        assertThat(client.refresh(TENANT).outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(client.planReset(TENANT).failure()).isEmpty();
        client.preview(TENANT, RefreshOptions.defaults().withActor("fault"));
        assertThatThrownBy(
                        () -> client.preview(TENANT, RefreshOptions.defaults().withActor("error")))
                .isSameAs(error);
        fixture.journal.acquire(TENANT, "other", fixture.clock.instant(), Duration.ofHours(1));
        client.refresh(TENANT);

        assertThat(events)
                .as("and none for a tenant that is busy")
                .containsExactly(
                        "open REFRESH",
                        "close",
                        "open PLAN_RESET",
                        "close",
                        "open PREVIEW",
                        "close",
                        "open PREVIEW",
                        "close");
    }

    @Test
    void R34_secondOperationOnTheSameTenantIsToldThatItIsBusy() {
        fixture.inSync();
        Reentrant reentrant = new Reentrant();
        reentrant.client =
                fixture.builder(fixture.directory).addListener(reentrant).build();
        CpvResult first = reentrant.client.refresh(TENANT);

        assertThat(first.outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(reentrant.inner).hasSize(1).first().satisfies(result -> {
            assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
            assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.TENANT_BUSY);
            assertThat(result.worthRetrying()).isTrue();
        });
        assertThat(reentrant.client.refresh(TENANT).outcome())
                .as("it is free again")
                .isEqualTo(RefreshOutcome.UP_TO_DATE);
    }

    /** Calls the client for the same tenant while an operation is at work. */
    private static final class Reentrant implements RefreshListener {
        private final List<CpvResult> inner = new ArrayList<>();
        private @Nullable CpvClient client;

        @Override
        public void observed(RefreshContext context, ObservedTenant observed) {
            if (inner.isEmpty() && client != null) {
                inner.add(client.refresh(TENANT));
            }
        }
    }

    @Test
    void manyThreadsRefreshManyTenants() throws Exception {
        int count = 40;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(8);
        List<Future<CpvResult>> running = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                TenantId id = new TenantId(new UUID(7, i));
                running.add(executor.submit(() -> {
                    start.await();
                    return fixture.client.refresh(id);
                }));
            }
            start.countDown();
            for (int i = 0; i < count; i++) {
                CpvResult result = running.get(i).get();
                assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
                assertThat(result.tenantId()).contains(new TenantId(new UUID(7, i)));
                assertThat(fixture.directory
                                .tenant(new TenantId(new UUID(7, i)))
                                .appRoles())
                        .hasSize(2);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private void assertCancelled(CpvResult result) {
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.CANCELLED);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.CANCELLED);
        assertThat(fixture.journal.find(TENANT)).as("not an attempt").isEmpty();
    }

    private void assertCompletedByTheNext() {
        fixture.tenant.consentVisibleAfter(0);
        assertThat(fixture.client.refresh(TENANT).orElseThrow().outcome().isInSync())
                .isTrue();
        assertThat(fixture.client.preview(TENANT).outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(fixture.tenant.appRoles())
                .anyMatch(role -> assign(role.resource(), role.appRoleId()).equals(assign(GRAPH, GRAPH_ROLE)));
    }
}
