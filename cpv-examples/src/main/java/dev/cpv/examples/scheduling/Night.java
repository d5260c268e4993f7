package dev.cpv.examples.scheduling;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome;
import dev.cpv.model.FailureScope;
import dev.cpv.model.TenantId;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The night as a job of a scheduler: refreshes all tenants, one after the other. Thread-safe if its collaborators are. */
public final class Night implements Runnable {
    private final CpvClient client;
    private final Supplier<? extends Collection<TenantId>> tenants;
    private final Consumer<CpvResult> results;

    /**
     * Creates the night.
     *
     * @param client refreshes
     * @param tenants returns the tenants; called at each run
     * @param results receives each tenant's result as it ends
     */
    public Night(CpvClient client, Supplier<? extends Collection<TenantId>> tenants, Consumer<CpvResult> results) {
        this.client = client;
        this.tenants = tenants;
        this.results = results;
    }

    /** Refreshes all tenants. After a partner-wide failure the others are not attempted (R28). */
    @Override
    public void run() {
        boolean stopped = false;
        for (TenantId tenant : tenants.get()) {
            CpvResult result = stopped ? notAttempted(tenant) : client.refresh(tenant);
            stopped |= isPartnerWide(result);
            results.accept(result);
        }
    }

    static CpvResult notAttempted(TenantId tenant) {
        return CpvResult.notAttempted(
                tenant.toString(), "The night stopped, because its cause would affect every tenant");
    }

    /** Whether a failure would affect every tenant, as a revoked refresh token does. */
    static boolean isPartnerWide(CpvResult result) {
        return Stream.concat(
                        result.failure().stream(),
                        result.permissions().stream()
                                .map(PermissionOutcome::failure)
                                .flatMap(Optional::stream))
                .anyMatch(failure -> failure.scope() == FailureScope.PARTNER);
    }
}
