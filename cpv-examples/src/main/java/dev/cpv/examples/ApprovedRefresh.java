package dev.cpv.examples;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.RefreshOutcome;
import java.util.function.Predicate;

/** Refreshes a tenant after somebody approved the plan. */
public final class ApprovedRefresh {
    private final CpvClient client;
    private final Predicate<String> approver;

    /**
     * Creates the job.
     *
     * @param client previews and applies
     * @param approver receives the text of a plan and returns whether it may be applied
     */
    public ApprovedRefresh(CpvClient client, Predicate<String> approver) {
        this.client = client;
        this.approver = approver;
    }

    /**
     * Previews a tenant and applies the plan if it is approved.
     *
     * @param tenant its GUID or a domain
     * @return the preview if there was nothing to do or the plan was not approved, otherwise the result of applying it
     * @throws dev.cpv.CpvRefreshException if the domain belongs to no known tenant
     */
    public CpvResult run(String tenant) {
        // tag::approval
        CpvResult preview = client.preview(client.resolve(tenant));
        if (preview.outcome() != RefreshOutcome.DRIFTED) {
            return preview; // nothing to do, or no plan could be made
        }
        String approved = preview.plan().toJson(); // keep it; it can be applied tomorrow, by another process
        if (!approver.test(preview.plan().toText())) {
            return preview;
        }
        return client.apply(CpvRefreshPlan.fromJson(approved)); // FAILED with PLAN_STALE if the tenant changed since
        // end::approval
    }
}
