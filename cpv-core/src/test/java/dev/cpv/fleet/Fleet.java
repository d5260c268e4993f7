package dev.cpv.fleet;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.journal.InMemoryFleetStore;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.testing.FakeTenant;
import dev.cpv.testing.FakeTenantDirectory;
import dev.cpv.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/** Some tenants over the fake, a list of them that can change, and what a run told. */
final class Fleet {
    static final AppId GRAPH = AppId.MICROSOFT_GRAPH;
    static final UUID ROLE = UUID.fromString("df021288-bdef-4463-88db-98f22de89214");
    static final RequiredPermissionSet REQUIRED = RequiredPermissionSet.builder("app")
            .application(GRAPH, ROLE.toString())
            .delegated(GRAPH, "User.Read.All")
            .build();
    static final Executor SAME_THREAD = Runnable::run;
    static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    final FakeTenantDirectory directory = FakeTenantDirectory.offering(REQUIRED);
    final ManualClock clock = new ManualClock(START);
    final RefreshJournal journal = new InMemoryRefreshJournal();
    final FleetStore store = new InMemoryFleetStore();
    final List<CatalogTenant> listed = new CopyOnWriteArrayList<>();
    final List<CpvResult> results = new CopyOnWriteArrayList<>();

    /** Lists tenants that were never consented. */
    Fleet with(int tenants) {
        IntStream.range(0, tenants).forEach(i -> listed.add(CatalogTenant.of(id(listed.size()), "Customer " + i)));
        return this;
    }

    /** Lists tenants that are in sync, as the journal knows. */
    Fleet withWell(int tenants) {
        int from = listed.size();
        with(tenants);
        CpvClient client = client();
        for (int i = from; i < listed.size(); i++) {
            inSync(id(i));
            client.refresh(id(i));
        }
        clock.advance(Duration.ofDays(1));
        return this;
    }

    static TenantId id(int number) {
        return TenantId.of("%08d-1111-4222-8333-444455556666".formatted(number));
    }

    FakeTenant tenant(int number) {
        return directory.tenant(id(number));
    }

    FakeTenant inSync(TenantId tenant) {
        return directory
                .tenant(tenant)
                .consent()
                .grantAppRole(GRAPH, ROLE)
                .grantScopes(
                        GRAPH,
                        "AppRoleAssignment.ReadWrite.All",
                        "Application.ReadWrite.All",
                        "DelegatedPermissionGrant.ReadWrite.All",
                        "User.Read.All");
    }

    /** As an administrator does who deletes the enterprise application. */
    void loseConsent(int number) {
        tenant(number).deleteApplication();
    }

    CpvClient client() {
        return client(directory);
    }

    CpvClient client(TenantDirectory other) {
        return CpvClient.builder(other, REQUIRED)
                .journal(journal)
                .clock(clock)
                .sleeper(clock)
                .build();
    }

    FleetRefresh.Builder builder() {
        return builder(client());
    }

    FleetRefresh.Builder builder(CpvClient client) {
        return FleetRefresh.builder(client, cancellation -> CatalogSnapshot.of(listed))
                .store(store)
                .concurrency(1)
                .onResult(results::add);
    }

    FleetReport run() {
        results.clear();
        return builder().build().run(SAME_THREAD);
    }

    FleetReport nextNight() {
        clock.advance(Duration.ofDays(1));
        return run();
    }

    CpvResult result(int number) {
        List<CpvResult> found = results.stream()
                .filter(result -> result.tenant().equals(id(number).toString()))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " results of tenant " + number + ": " + found);
        }
        return found.get(0);
    }

    RefreshOutcome outcome(int number) {
        return result(number).outcome();
    }

    List<TenantId> order() {
        List<TenantId> order = new ArrayList<>();
        results.forEach(result -> order.add(TenantId.of(result.tenant())));
        return order;
    }

    /** Has a tenant been touched at all? */
    int calls(int number) {
        return directory.calls(id(number)).size();
    }

    static CpvFailure failure(FailureCode code) {
        return CpvFailure.of(code, "On purpose");
    }
}
