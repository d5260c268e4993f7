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
 * A tenant as a catalog lists it. The id is the identity; all else is for people and may change from list to list.
 *
 * @param id the tenant
 * @param displayName what it is called; empty if that is not known
 * @param aliases what else it is known by, as its domains
 * @param notManageable why the partner cannot manage it; empty if the partner can
 * @param accessSince when the partner's access began, if that is known
 * @param accessEnds when it ends unless somebody acts; empty if it prolongs itself, has no end, or that is not known
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
     * @param id the tenant
     * @param displayName what it is called, or an empty text
     * @param aliases what else it is known by, as its domains
     * @param notManageable why the partner cannot manage it; empty if the partner can
     * @param accessSince when the partner's access began, if that is known
     * @param accessEnds when it ends unless somebody acts
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

    /**
     * Makes a manageable tenant of which nothing but its id is known.
     *
     * @param id the tenant
     * @return the tenant
     */
    public static CatalogTenant of(TenantId id) {
        return of(id, "");
    }

    /**
     * Makes a manageable tenant of which id and name are known.
     *
     * @param id the tenant
     * @param displayName what it is called
     * @return the tenant
     */
    public static CatalogTenant of(TenantId id, String displayName) {
        return new CatalogTenant(
                id, displayName, Collections.emptySortedSet(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Says whether the partner can manage it.
     *
     * @return whether there is no reason against it
     */
    public boolean isManageable() {
        return notManageable.isEmpty();
    }

    /**
     * Returns what to call it for people.
     *
     * @return the name, or the id if there is none
     */
    public String label() {
        return displayName.isBlank() ? id.toString() : displayName;
    }
}
