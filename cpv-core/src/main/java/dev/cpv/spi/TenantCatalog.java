package dev.cpv.spi;

import dev.cpv.model.Cancellation;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantId;
import java.util.Collection;

/**
 * Knows which tenants there are: the partner's customers. A tenant is its GUID; names and domains are labels that change.
 *
 * <p>Rules, each tested by {@code TenantCatalogConformance}:
 *
 * <ol>
 *   <li>{@link #list} MUST give the whole list or throw: what is missing from it is taken for gone.
 *   <li>Every tenant MUST be listed once, whatever it is called.
 *   <li>A tenant that is seen but cannot be managed MUST be listed with the reason why.
 *   <li>Each call MUST look anew; two calls without a change in between give equal snapshots.
 *   <li>The only exception for a remote cause is {@link TenantCatalogException}; a cause that would also meet every tenant, as a
 *       revoked refresh token, has the scope {@link dev.cpv.model.FailureScope#PARTNER}.
 *   <li>Once cancelled, a call MUST throw with {@link FailureCode#CANCELLED}, and SHOULD do so soon.
 *   <li>All methods MUST be callable from many threads.
 * </ol>
 */
@FunctionalInterface
public interface TenantCatalog {
    /**
     * Lists all tenants, manageable or not. May block for I/O.
     *
     * @param cancellation the caller's means to stop early
     * @return all tenants as they are now
     * @throws TenantCatalogException if the list cannot be had as a whole
     */
    CatalogSnapshot list(Cancellation cancellation);

    /**
     * Makes a catalog for who has a list of their own. Its list never changes; implement the interface for one that does.
     *
     * @param tenants the tenants; duplicates count once
     * @return a catalog of exactly these
     */
    static TenantCatalog of(Collection<TenantId> tenants) {
        CatalogSnapshot snapshot = CatalogSnapshot.of(
                tenants.stream().distinct().map(CatalogTenant::of).toList());
        return cancellation -> {
            TenantCatalogException.throwIfCancelled(cancellation);
            return snapshot;
        };
    }
}
