package dev.cpv;

import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.spi.RefreshContext;

/**
 * What one operation on one tenant works with. Created for it, and used only on its thread.
 *
 * @param context the operation: its kind, tenant, options and deadline
 * @param required what the application needs in the tenant
 * @param time when it began, and whether it may continue
 * @param memory what the journal remembers of the tenant
 * @param lease the right to write, which {@link OperationBracket} takes and releases
 * @param view what is known of the tenant
 * @param access the calls to the tenant
 * @param listeners all listeners as one
 */
record Operation(
        RefreshContext context,
        RequiredPermissionSet required,
        OperationTime time,
        TenantMemory memory,
        TenantLease lease,
        TenantView view,
        TenantAccess access,
        RefreshListener listeners) {

    /** Builds the operation's result from what is known now. */
    OutcomeAssembler outcome() {
        return new OutcomeAssembler(context, required, view, time);
    }
}
