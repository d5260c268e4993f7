package dev.cpv;

import static dev.cpv.Fixture.TENANT;
import static dev.cpv.Fixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Step;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
}
