package dev.cpv.graph;

import dev.cpv.graph.simulator.SimulatedTenant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Something that the application holds in a simulated tenant, without regard to spelling.
 *
 * @param resource the application id of the resource
 * @param role whether it is an app role, else it is a scope
 * @param id the role's GUID, or the scope's value in lower case
 */
record Held(String resource, boolean role, String id) implements Comparable<Held> {
    private static final Comparator<Held> ORDER =
            Comparator.comparing(Held::resource).thenComparing(Held::role).thenComparing(Held::id);

    static Held ofRole(String resource, String id) {
        return new Held(resource, true, id.toLowerCase(Locale.ROOT));
    }

    static Held ofScope(String resource, String value) {
        return new Held(resource, false, value.toLowerCase(Locale.ROOT));
    }

    static NavigableSet<Held> by(SimulatedTenant tenant, String clientId) {
        NavigableSet<Held> held = new TreeSet<>();
        tenant.grantedAppRoles(clientId)
                .forEach((resource, roles) -> roles.forEach(role -> held.add(ofRole(resource, role))));
        tenant.grantedScopes(clientId)
                .forEach((resource, scopes) -> scopes.forEach(scope -> held.add(ofScope(resource, scope))));
        return held;
    }

    /** What is in the first set and not in the second. */
    static NavigableSet<Held> minus(Collection<Held> first, Collection<Held> second) {
        NavigableSet<Held> rest = new TreeSet<>(first);
        rest.removeAll(second);
        return rest;
    }

    @Override
    public int compareTo(Held other) {
        return ORDER.compare(this, other);
    }
}
