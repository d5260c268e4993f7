package dev.cpv.graph.simulator;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * All relationships of the partner. Thread-safe without a tenant's lock, since requests to both the partner and the
 * customer read it.
 */
final class Gdap {
    private final ConcurrentMap<String, GdapRelationship> byId = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Set<String>> idsByTenant = new ConcurrentHashMap<>();
    private final PartnerGroups groups;

    Gdap(PartnerGroups groups) {
        this.groups = groups;
    }

    void put(GdapRelationship relationship) {
        byId.put(relationship.id(), relationship);
        idsByTenant
                .computeIfAbsent(relationship.tenantId(), key -> ConcurrentHashMap.newKeySet())
                .add(relationship.id());
    }

    /** Removes a relationship. Its id stays in the index of its tenant and is skipped there. */
    void remove(String id) {
        byId.remove(id);
    }

    Optional<GdapRelationship> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Changes a relationship; returns nothing if no relationship has the id. */
    Optional<GdapRelationship> update(String id, UnaryOperator<GdapRelationship> change) {
        return Optional.ofNullable(byId.computeIfPresent(id, (key, old) -> change.apply(old)));
    }

    /** All relationships, oldest first. */
    List<GdapRelationship> all() {
        return sorted(byId.values().stream());
    }

    List<GdapRelationship> of(String tenantId) {
        return sorted(idsByTenant.getOrDefault(tenantId, Set.of()).stream().flatMap(id -> find(id).stream()));
    }

    private static List<GdapRelationship> sorted(Stream<GdapRelationship> relationships) {
        return relationships
                .sorted(Comparator.comparing(GdapRelationship::createdAt).thenComparing(GdapRelationship::id))
                .toList();
    }

    /** The directory roles that a partner user holds in a customer: an empty set means no access at all. */
    Set<String> effectiveRoles(SimulatedTenant customer, SimulatedUser user, Instant now) {
        Set<String> roles = new HashSet<>();
        for (GdapRelationship relationship : of(customer.id())) {
            if (works(relationship, customer, now)) {
                relationship.assignments().stream()
                        .filter(assignment -> assignment.activeAt(now))
                        .filter(assignment -> groups.contains(assignment.groupId(), user.id()))
                        .flatMap(assignment -> assignment.roles().stream())
                        .filter(relationship.roles()::contains)
                        .forEach(roles::add);
            }
        }
        return roles;
    }

    /**
     * Whether a relationship has an effect. One that has just become active has none yet, although its status is
     * active.
     */
    private static boolean works(GdapRelationship relationship, SimulatedTenant customer, Instant now) {
        Instant activated = relationship.activatedAt();
        return relationship.statusAt(now) == GdapRelationship.Status.ACTIVE
                && activated != null
                && !now.isBefore(activated.plus(customer.behaviour().relationshipPropagation()));
    }
}
