package dev.cpv.examples;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.TenantId;
import java.util.Optional;
import java.util.function.Predicate;

/** Resets a tenant after somebody confirmed what the reset would lose. */
public final class ConfirmedReset {
    private ConfirmedReset() {}

    /**
     * Resets a tenant if it is confirmed.
     *
     * @param client a client with a durable journal
     * @param tenant the tenant
     * @param confirmation asks a person or a policy
     * @return the result; empty if the tenant cannot be reset or the reset was not confirmed
     */
    public static Optional<CpvResult> reset(CpvClient client, TenantId tenant, Predicate<CpvResetPlan> confirmation) {
        // tag::reset
        CpvResetPlan plan = client.planReset(tenant); // writes nothing
        if (plan.failure().isPresent() || !confirmation.test(plan)) {
            return Optional.empty();
        }
        CpvResult result = client.reset(plan); // writes nothing if the tenant has changed since
        // end::reset
        return Optional.of(result);
    }
}
