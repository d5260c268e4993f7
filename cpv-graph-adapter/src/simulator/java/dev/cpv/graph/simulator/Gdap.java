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

/** All relationships of the partner. Thread-safe and without a tenant's lock, since partner and customer both look. */
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

    /** The id stays in the index of its tenant, where nothing is found behind it any more. */
    void remove(String id) {
        byId.remove(id);
    }

    Optional<GdapRelationship> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Changes a relationship; nothing if there is none of that id. */
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

    /** The directory roles that a partner user holds in a customer: none means no access at all. */
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

    /** A relationship that became active only just now does not work yet, although it says that it is active. */
    private static boolean works(GdapRelationship relationship, SimulatedTenant customer, Instant now) {
        Instant activated = relationship.activatedAt();
        return relationship.statusAt(now) == GdapRelationship.Status.ACTIVE
                && activated != null
                && !now.isBefore(activated.plus(customer.behaviour().relationshipPropagation()));
    }
}
