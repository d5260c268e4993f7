package dev.cpv.spi;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.TenantId;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A tenant as a catalog lists it. The id identifies it; everything else is for people and may change from list to list.
 *
 * @param id the tenant
 * @param displayName its name; empty if unknown
 * @param aliases other names, such as its domains
 * @param notManageable why the partner cannot manage it; empty if it can
 * @param accessSince when the partner's access began, if known
 * @param accessEnds when the access ends unless it is renewed; empty if it renews itself, has no end, or the end is unknown
 */
public record CatalogTenant(
        TenantId id,
        String displayName,
        SortedSet<String> aliases,
        Optional<CpvFailure> notManageable,
        Optional<Instant> accessSince,
        Optional<Instant> accessEnds) {
    /**
     * Creates the tenant.
     *
     * @throws NullPointerException if an argument is null
     */
    public CatalogTenant {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(displayName, "displayName");
        aliases = Collections.unmodifiableSortedSet(new TreeSet<>(aliases));
        Objects.requireNonNull(notManageable, "notManageable");
        Objects.requireNonNull(accessSince, "accessSince");
        Objects.requireNonNull(accessEnds, "accessEnds");
    }

    /** Returns a manageable tenant of which only the id is known. */
    public static CatalogTenant of(TenantId id) {
        return of(id, "");
    }

    /**
     * Returns a manageable tenant of which id and name are known.
     *
     * @param id the tenant
     * @param displayName its name, or an empty text
     */
    public static CatalogTenant of(TenantId id, String displayName) {
        return new CatalogTenant(
                id, displayName, Collections.emptySortedSet(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns whether the partner can manage the tenant. */
    public boolean isManageable() {
        return notManageable.isEmpty();
    }

    /** Returns the name for people, or the id if there is none. */
    public String label() {
        return displayName.isBlank() ? id.toString() : displayName;
    }
}
