package dev.cpv.examples;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.TenantId;
import java.util.Optional;
import java.util.function.Predicate;

/** Resets a tenant once somebody saw what that would lose. */
public final class ConfirmedReset {
    private ConfirmedReset() {}

    /**
     * Resets a tenant if it is confirmed.
     *
     * @param client needs a durable journal
     * @param tenant the tenant
     * @param confirmation asks a person, or a policy
     * @return what it came to; empty if it cannot be reset or was not confirmed
     */
    public static Optional<CpvResult> reset(CpvClient client, TenantId tenant, Predicate<CpvResetPlan> confirmation) {
        // tag::reset
        CpvResetPlan plan = client.planReset(tenant); // writes nothing
        if (plan.failure().isPresent() || !confirmation.test(plan)) {
            return Optional.empty();
        }
        CpvResult result = client.reset(plan); // only if the tenant is still as the plan says
        // end::reset
        return Optional.of(result);
    }
}
