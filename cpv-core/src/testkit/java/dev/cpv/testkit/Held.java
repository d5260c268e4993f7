package dev.cpv.testkit;

import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.testing.FakeTenant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Something that the application holds in a tenant, without regard to spelling.
 *
 * @param resource of which resource
 * @param role whether it is an app role, else it is a scope
 * @param id the role's GUID or the scope's value in lower case
 */
public record Held(AppId resource, boolean role, String id) implements Comparable<Held> {
    private static final Comparator<Held> ORDER =
            Comparator.comparing(Held::resource).thenComparing(Held::role).thenComparing(Held::id);

    /** An app role. */
    public static Held ofRole(AppId resource, UUID id) {
        return new Held(resource, true, id.toString());
    }

    /** A scope that is granted to the whole tenant. */
    public static Held ofScope(AppId resource, String value) {
        return new Held(resource, false, value.toLowerCase(Locale.ROOT));
    }

    /** All that the fake's tenant has. */
    public static NavigableSet<Held> by(FakeTenant tenant) {
        return of(tenant.appRoles(), tenant.grants());
    }

    /** All that a look shows. */
    public static NavigableSet<Held> shownBy(ObservedTenant look) {
        return of(look.appRoles(), look.grants());
    }

    private static NavigableSet<Held> of(Collection<AssignedAppRole> roles, Collection<TenantWideGrant> grants) {
        NavigableSet<Held> held = new TreeSet<>();
        roles.forEach(role -> held.add(ofRole(role.resource(), role.appRoleId())));
        grants.forEach(grant -> grant.scopes().forEach(scope -> held.add(ofScope(grant.resource(), scope))));
        return held;
    }

    /** What is in the first set and not in the second. */
    public static NavigableSet<Held> minus(Collection<Held> first, Collection<Held> second) {
        NavigableSet<Held> rest = new TreeSet<>(first);
        rest.removeAll(second);
        return rest;
    }

    @Override
    public int compareTo(Held other) {
        return ORDER.compare(this, other);
    }
}
