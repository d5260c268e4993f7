package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.fleet.FleetReport;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantCatalog;
import dev.cpv.testing.FakeTenantDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetNightTest {
    private static final RequiredPermissionSet REQUIRED = RequiredPermissionSet.builder("app")
            .delegated(AppId.MICROSOFT_GRAPH, "User.Read.All")
            .build();
    private static final TenantId CONTOSO = TenantId.of("0b7d5f4e-1111-4222-8333-444455556666");
    private static final TenantId FABRIKAM = TenantId.of("0b7d5f4e-2222-4222-8333-444455556666");
    private static final TenantId LEAVING = TenantId.of("0b7d5f4e-3333-4222-8333-444455556666");

    @TempDir
    private Path folder;

    private final FakeTenantDirectory directory = FakeTenantDirectory.offering(REQUIRED);

    @Test
    void refreshesAllButTheExcludedAndOpensTicketsWhereAPersonHasToAct() throws Exception {
        FleetNight night = night();
        night.exclude(LEAVING);
        directory.tenant(FABRIKAM).failNext(CpvFailure.of(FailureCode.CONDITIONAL_ACCESS_BLOCKED, "On purpose"));
        List<String> tickets = new ArrayList<>();

        FleetReport plan = night.plan(Runnable::run);
        directory.tenant(FABRIKAM).failNext(CpvFailure.of(FailureCode.CONDITIONAL_ACCESS_BLOCKED, "On purpose"));
        FleetReport report = night.run(Runnable::run, folder.resolve("night.html"), tickets::add);

        assertThat(plan.outcomes()).isEqualTo(Map.of(RefreshOutcome.DRIFTED, 2, RefreshOutcome.FAILED, 1));
        assertThat(report.outcomes())
                .isEqualTo(Map.of(RefreshOutcome.UPDATED, 1, RefreshOutcome.FAILED, 1, RefreshOutcome.SKIPPED, 1));
        assertThat(tickets).singleElement().asString().contains(FABRIKAM.toString(), "Conditional Access");
        assertThat(folder.resolve("night.html")).content().contains(CONTOSO.toString(), "Moves to another partner");
    }

    @Test
    void exclusionOutlivesTheProcess() throws Exception {
        night().exclude(LEAVING);

        FleetReport report = night().run(Runnable::run, folder.resolve("night.html"), ticket -> {});

        assertThat(report.count(RefreshOutcome.SKIPPED)).isEqualTo(1);
    }

    private FleetNight night() {
        return new FleetNight(
                CpvClient.create(directory, REQUIRED), TenantCatalog.of(List.of(CONTOSO, FABRIKAM, LEAVING)), folder);
    }
}
