package dev.cpv.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.model.AppId;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.PassingDirectory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FleetMemoryTest {
    private static final int TENANTS = 10_000;
    private static final int LISTED = 100;

    @Test
    void R33_noResultIsKeptHoweverManyTenantsThereAre() throws Exception {
        Fleet fleet = new Fleet();
        List<CatalogTenant> tenants = IntStream.range(0, TENANTS)
                .mapToObj(i -> CatalogTenant.of(Fleet.id(i)))
                .toList();
        List<WeakReference<CpvResult>> results = new ArrayList<>();
        CpvClient client = CpvClient.builder(new HalfWell(new Fleet()), Fleet.REQUIRED)
                .clock(fleet.clock)
                .sleeper(fleet.clock)
                .build();
        FleetRun run = FleetRefresh.builder(client, cancellation -> CatalogSnapshot.of(tenants))
                .concurrency(1)
                .maxAttention(LISTED)
                .allowMassChange()
                .onResult(result -> results.add(new WeakReference<>(result)))
                .build()
                .start(Fleet.SAME_THREAD);

        assertThat(run.progress().done()).isEqualTo(TENANTS);
        assertThat(results).hasSize(TENANTS);
        System.gc();
        assertThat(results.stream().filter(result -> result.get() != null).count())
                .as("results that something still holds")
                .isLessThan(LISTED);
        FleetReport report = run.report().get();
        assertThat(report.count(RefreshOutcome.UP_TO_DATE)).isEqualTo(TENANTS / 2);
        assertThat(report.attention()).hasSize(LISTED);
        assertThat(report.attentionOmitted()).isEqualTo(TENANTS / 2 - LISTED);
        assertThat(report.toJson().length()).isLessThan(100_000);
        assertThat(run.progress().done()).as("the run itself was held").isEqualTo(TENANTS);
    }

    /** Every other tenant is in sync, the rest cannot be had. Keeps nothing of a tenant. */
    private static final class HalfWell extends PassingDirectory {
        HalfWell(Fleet fleet) {
            super(context -> fleet.directory.open(
                    RefreshContext.start(Fleet.id(0), context.route(), context.options(), Fleet.START)));
            fleet.inSync(Fleet.id(0));
        }

        @Override
        protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
            if ((context.tenant().value().getMostSignificantBits() >>> 32) % 2 == 0) {
                throw new TenantDirectoryException(Fleet.failure(FailureCode.CONDITIONAL_ACCESS_BLOCKED), null);
            }
            return super.observe(session, context, resources);
        }

        @Override
        protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
            throw new AssertionError(steps);
        }
    }
}
