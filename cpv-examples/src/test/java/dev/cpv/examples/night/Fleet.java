package dev.cpv.examples.night;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.fleet.FleetReport;
import dev.cpv.journal.InMemoryFleetStore;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.testing.FakeTenant;
import dev.cpv.testing.FakeTenantDirectory;
import dev.cpv.testing.ManualClock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** A few tenants of the fake that were never consented, and nights for them. */
final class Fleet {
    static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    final ManualClock clock = new ManualClock(START);
    final FleetStore store = new InMemoryFleetStore();
    final List<CatalogTenant> listed = new CopyOnWriteArrayList<>();
    final List<CpvResult> results = new CopyOnWriteArrayList<>();
    private final RequiredPermissionSet required = RequiredPermissionSet.builder("app")
            .delegated(AppId.MICROSOFT_GRAPH, "User.Read.All")
            .build();
    private final FakeTenantDirectory directory = FakeTenantDirectory.offering(required);
    private final RefreshJournal journal = new InMemoryRefreshJournal();

    Fleet with(int tenants) {
        IntStream.range(0, tenants).forEach(i -> listed.add(CatalogTenant.of(id(i), "Customer " + i)));
        return this;
    }

    static TenantId id(int number) {
        return TenantId.of("%08d-1111-4222-8333-444455556666".formatted(number));
    }

    FakeTenant tenant(int number) {
        return directory.tenant(id(number));
    }

    FleetRefresh.Builder builder() {
        CpvClient client = CpvClient.builder(directory, required)
                .journal(journal)
                .clock(clock)
                .sleeper(clock)
                .build();
        return FleetRefresh.builder(client, cancellation -> CatalogSnapshot.of(listed))
                .store(store)
                .concurrency(1)
                .onResult(results::add);
    }

    FleetReport run() {
        return builder().build().run(Runnable::run);
    }
}
