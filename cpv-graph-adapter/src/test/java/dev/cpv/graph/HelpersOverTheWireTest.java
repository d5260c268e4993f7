package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvResult;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.WireJournal;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What threads that were lent change of a first consent, and what they do not. */
class HelpersOverTheWireTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger lent = new AtomicInteger();
    private final SimulatedPartner partner = new SimulatedPartner(builder -> builder.batchExecutor(piece -> {
                lent.incrementAndGet();
                threads.execute(piece);
            }))
            .warm();

    @AfterEach
    void stop() {
        partner.close();
        threads.shutdownNow();
    }

    @Test
    void aFirstConsentSendsItsBatchesAtTheSameTimeAndNoRequestMore() {
        SimulatedTenant tenant = partner.simulator.addCustomer("New");
        lent.set(0);

        CpvResult result = partner.refresh(tenant);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(partner.simulator.journal().requests()).hasSizeLessThanOrEqualTo(9);
        assertThat(lent).as("all batches that write but the caller's own").hasValue(batches(tenant) - 2);
        assertThat(tenant.grantedAppRoles(partner.clientId())).isEqualTo(partner.requiredAppRoles());
        assertThat(tenant.grantedScopes(partner.clientId())).containsAllEntriesOf(partner.requiredScopes());
    }

    @Test
    void whatOneBatchIsRefusedIsRepeatedAloneAndTheOthersAnswersAreKept() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Throttled");
        partner.simulator.faults().on(tenant.id(), Endpoint.BATCH).nth(3).respond(429, Map.of("Retry-After", "7"), "");

        CpvResult result = partner.refresh(tenant);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(tenant.grantedAppRoles(partner.clientId())).isEqualTo(partner.requiredAppRoles());
        assertThat(partner.time.sleeps()).contains(Duration.ofSeconds(7));
        assertThat(partner.simulator.journal().requests()).hasSizeLessThanOrEqualTo(9 + 1);
    }

    @Test
    void aPoolMayLendItselfToWhoComesFromIt() {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try (SimulatedPartner own = new SimulatedPartner(builder -> builder.batchExecutor(single))) {
            TenantId tenant = TenantId.of(own.simulator.addCustomer("New").id());

            Future<CpvResult> result = single.submit(() -> own.client.refresh(tenant));

            assertThat(result)
                    .succeedsWithin(Duration.ofMinutes(1))
                    .extracting(CpvResult::outcome)
                    .isEqualTo(RefreshOutcome.UPDATED);
        } finally {
            single.shutdownNow();
        }
    }

    private int batches(SimulatedTenant tenant) {
        List<WireJournal.Entry> batches = partner.simulator.journal().requests().stream()
                .filter(entry ->
                        entry.endpoint() == Endpoint.BATCH && tenant.id().equals(entry.tenantId()))
                .toList();
        return batches.size();
    }
}
