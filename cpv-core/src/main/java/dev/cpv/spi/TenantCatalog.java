package dev.cpv.spi;

import dev.cpv.model.Cancellation;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantId;
import java.util.Collection;

/**
 * Lists the partner's customer tenants. A tenant is identified by its GUID; names and domains are labels that change.
 *
 * <p>Rules, each tested by {@code TenantCatalogConformance}:
 *
 * <ol>
 *   <li>{@link #list} MUST return the complete list or throw: a tenant that is missing from it counts as gone.
 *   <li>Every tenant MUST be listed once, even if another one has the same name.
 *   <li>A tenant that is known but cannot be managed MUST be listed with the reason.
 *   <li>Each call MUST read the list again; two calls without a change in between return equal snapshots.
 *   <li>The only exception for a remote cause is {@link TenantCatalogException}; a cause that would also meet every
 *       tenant, such as a revoked refresh token, has the scope {@link dev.cpv.model.FailureScope#PARTNER}.
 *   <li>After a cancellation, a call MUST throw with {@link FailureCode#CANCELLED}, and SHOULD do so soon.
 *   <li>All methods MUST be callable from many threads.
 * </ol>
 */
@FunctionalInterface
public interface TenantCatalog {
    /**
     * Lists all tenants, manageable or not. May block for I/O.
     *
     * @param cancellation the caller's means to stop early
     * @throws TenantCatalogException if the list cannot be read completely
     */
    CatalogSnapshot list(Cancellation cancellation);

    /**
     * Returns a catalog of exactly these tenants, for callers that have their own list. Implement the interface for a list that changes.
     *
     * @param tenants the tenants; duplicates count once
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
