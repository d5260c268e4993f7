package dev.cpv.fleet;

import dev.cpv.model.CpvFailure;
import java.util.List;
import java.util.Optional;

/**
 * What a run knows before it works on the first tenant.
 *
 * @param total how many tenants there are
 * @param remarks what people should know about the tenant list
 * @param accessEnding the tenants to which the partner's access ends soon
 * @param attempts the tenants in their order
 * @param inSyncBefore how many of them were in sync before the run
 * @param alarm why the run may not start, if it may not; the code {@code CANCELLED} cancels it
 */
record PreparedRun(
        int total,
        List<String> remarks,
        List<ExpiringAccess> accessEnding,
        List<TenantAttempt> attempts,
        int inSyncBefore,
        Optional<CpvFailure> alarm) {
    PreparedRun {
        remarks = List.copyOf(remarks);
        accessEnding = List.copyOf(accessEnding);
        attempts = List.copyOf(attempts);
    }

    /** A run without a tenant list. */
    static PreparedRun withoutList(CpvFailure alarm) {
        return new PreparedRun(0, List.of(), List.of(), List.of(), 0, Optional.of(alarm));
    }
}
