package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.model.UnrestorableItem;
import dev.cpv.testing.FakeTenantDirectory;
import dev.cpv.testing.FakeTenantDirectory.Call;
import dev.cpv.testing.FakeTenantDirectory.Call.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfirmedResetTest {
    private static final TenantId TENANT = TenantId.of("0b7d5f4e-1111-4222-8333-444455556666");
    private static final RequiredPermissionSet REQUIRED = RequiredPermissionSet.builder("app")
            .delegated(AppId.MICROSOFT_GRAPH, "User.Read.All")
            .build();

    private final FakeTenantDirectory directory = FakeTenantDirectory.offering(REQUIRED);

    @Test
    void R19_isDoneOnlyIfConfirmed(@TempDir Path folder) {
        CpvClient client = CpvClient.builder(directory, REQUIRED)
                .journal(FileRefreshJournal.open(folder))
                .build();
        client.refresh(TENANT);
        List<UnrestorableItem> shown = new ArrayList<>();
        int calls = directory.calls().size();

        assertThat(ConfirmedReset.reset(client, TENANT, plan -> {
                    shown.addAll(plan.losses());
                    return false;
                }))
                .isEmpty();
        assertThat(shown).isEmpty();
        assertThat(directory.calls())
                .as("a look, a snapshot, and what can be restored")
                .extracting(Call::kind)
                .startsWith(Kind.OBSERVE)
                .endsWith(Kind.OBSERVE, Kind.SNAPSHOT, Kind.DEFINITIONS)
                .hasSize(calls + 3);

        assertThat(ConfirmedReset.reset(client, TENANT, plan -> true)
                        .orElseThrow()
                        .outcome())
                .isEqualTo(RefreshOutcome.UPDATED);
        assertThat(directory.tenant(TENANT).scopes(AppId.MICROSOFT_GRAPH)).contains("User.Read.All");
    }
}
