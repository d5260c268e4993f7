package dev.cpv.examples.scheduling;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.testing.FakeTenantDirectory;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;

/** A few tenants that were never consented, and a night for them. */
final class Customers {
    static final RequiredPermissionSet REQUIRED = RequiredPermissionSet.builder("tool")
            .application(AppId.MICROSOFT_GRAPH, "User.Read.All")
            .build();

    final FakeTenantDirectory directory = FakeTenantDirectory.offering(REQUIRED);
    final List<TenantId> tenants = LongStream.range(1, 6)
            .mapToObj(number -> new TenantId(new UUID(1, number)))
            .toList();
    final Queue<CpvResult> results = new ConcurrentLinkedQueue<>();
    final Night night = new Night(client(new InMemoryRefreshJournal()), () -> tenants, results::add);

    CpvClient client(RefreshJournal journal) {
        return CpvClient.builder(directory, REQUIRED).journal(journal).build();
    }

    List<RefreshOutcome> outcomes() {
        return results.stream().map(CpvResult::outcome).toList();
    }
}
