package dev.cpv.fleet;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantId;
import dev.cpv.spi.AcceptedTenantList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** R31: refuses a list that lost many tenants at once, since it is more likely wrong than right. */
final class TenantListGuard {
    /** In a small fleet it is not unusual that so many customers leave at once. */
    private static final int FEW = 2;

    private TenantListGuard() {}

    /** Returns why a list is refused: it is empty and the one before was not, or it lost more than a few and more than a share. */
    static Optional<CpvFailure> between(AcceptedTenantList before, Set<TenantId> now, double share) {
        Set<TenantId> lost = new HashSet<>(before.tenants());
        lost.removeAll(now);
        boolean all = !lost.isEmpty() && now.isEmpty();
        boolean many =
                lost.size() > FEW && lost.size() > share * before.tenants().size();
        return all || many
                ? Optional.of(CpvFailure.of(
                        FailureCode.CATALOG_SHRANK,
                        lost.size() + " of the " + before.tenants().size() + " tenants that could be managed at "
                                + before.accepted() + " are gone from the list or cannot be managed any more"))
                : Optional.empty();
    }
}
