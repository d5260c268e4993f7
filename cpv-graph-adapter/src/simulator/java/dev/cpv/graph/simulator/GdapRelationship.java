package dev.cpv.graph.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A granular delegated admin relationship between the partner and one customer. Immutable; change it through
 * {@link SimulatedTenant#updateRelationship}.
 *
 * @param id two GUIDs joined by a hyphen
 * @param tenantId the customer, or an empty string until a customer opens the offer
 * @param displayName its name
 * @param status the status as it was last set; see {@link #statusAt}
 * @param roles the roles that the customer approved
 * @param duration how long it lasts
 * @param autoExtend whether it is extended by 180 days at its end
 * @param createdAt when it was created
 * @param activatedAt when it became active, or null if it has not
 * @param endAt when it ends
 * @param version grows with every change; the {@code @odata.etag} comes from it
 * @param assignments which partner groups hold which of the roles
 */
public record GdapRelationship(
        String id,
        String tenantId,
        String displayName,
        Status status,
        Set<String> roles,
        Duration duration,
        boolean autoExtend,
        Instant createdAt,
        @Nullable Instant activatedAt,
        Instant endAt,
        int version,
        List<AccessAssignment> assignments) {

    private static final Duration EXTENSION = Duration.ofDays(180);

    /** The states of a relationship. */
    public enum Status {
        /** A draft of the partner. */
        CREATED("created"),
        /** The customer has to approve. */
        APPROVAL_PENDING("approvalPending"),
        /** Approved, not yet active. */
        APPROVED("approved"),
        /** Being provisioned. */
        ACTIVATING("activating"),
        /** Active. */
        ACTIVE("active"),
        /** Past its end, being removed. */
        EXPIRING("expiring"),
        /** Past its end. */
        EXPIRED("expired"),
        /** Its termination was requested. */
        TERMINATION_REQUESTED("terminationRequested"),
        /** Being terminated. */
        TERMINATING("terminating"),
        /** Terminated. */
        TERMINATED("terminated"),
        /** What Graph returns in place of a status that was added later. */
        UNKNOWN_FUTURE_VALUE("unknownFutureValue");

        private final String wireName;

        Status(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }

    /**
     * Roles of a relationship, assigned to a security group of the partner. Immutable.
     *
     * @param id a GUID
     * @param groupId the group
     * @param roles the assigned roles, effective where the relationship has them too
     * @param createdAt when it was created
     * @param activeAt until when it is {@code pending}
     * @param deleted whether it was deleted
     * @param version grows with every change
     */
    public record AccessAssignment(
            String id,
            String groupId,
            Set<String> roles,
            Instant createdAt,
            Instant activeAt,
            boolean deleted,
            int version) {

        /**
         * Copies the roles.
         *
         * @param id a GUID
         * @param groupId the group
         * @param roles the assigned roles
         * @param createdAt when it was created
         * @param activeAt until when it is pending
         * @param deleted whether it was deleted
         * @param version the version
         */
        public AccessAssignment {
            roles = Set.copyOf(roles);
        }

        /**
         * Whether it is in effect.
         *
         * @param now the time
         * @return true once it is no longer pending, until it is deleted
         */
        public boolean activeAt(Instant now) {
            return !deleted && !now.isBefore(activeAt);
        }

        String statusAt(Instant now) {
            if (deleted) {
                return "deleted";
            }
            return now.isBefore(activeAt) ? "pending" : "active";
        }
    }

    /**
     * Copies the collections.
     *
     * @param id two GUIDs
     * @param tenantId the customer
     * @param displayName its name
     * @param status the status
     * @param roles the roles
     * @param duration how long it lasts
     * @param autoExtend whether it is extended
     * @param createdAt when it was created
     * @param activatedAt when it became active
     * @param endAt when it ends
     * @param version the version
     * @param assignments the groups
     */
    public GdapRelationship {
        roles = Set.copyOf(roles);
        assignments = List.copyOf(assignments);
    }

    /**
     * The status at a time: an active relationship past its end has expired, unless it is extended automatically.
     *
     * @param now the time
     * @return the status that the services show
     */
    public Status statusAt(Instant now) {
        return status == Status.ACTIVE && !now.isBefore(endAt(now)) ? Status.EXPIRED : status;
    }

    /** The end as of a time, with each extension that was due by then. */
    Instant endAt(Instant now) {
        Instant end = endAt;
        while (autoExtend && !now.isBefore(end)) {
            end = end.plus(EXTENSION);
        }
        return end;
    }

    /**
     * The same relationship with another status. {@link Status#ACTIVE} sets the time of activation.
     *
     * @param value the status
     * @param now the time of the change
     * @return a copy
     */
    public GdapRelationship withStatus(Status value, Instant now) {
        Instant active = value == Status.ACTIVE ? now : activatedAt;
        return copy(value, roles, autoExtend, active, endAt, assignments);
    }

    /**
     * The same relationship with other roles, for itself and for all its groups.
     *
     * @param values the roles
     * @return a copy
     */
    public GdapRelationship withRoles(Set<String> values) {
        List<AccessAssignment> mapped = new ArrayList<>();
        for (AccessAssignment old : assignments) {
            mapped.add(new AccessAssignment(
                    old.id, old.groupId, values, old.createdAt, old.activeAt, old.deleted, old.version + 1));
        }
        return copy(status, values, autoExtend, activatedAt, endAt, mapped);
    }

    /**
     * The same relationship with another end.
     *
     * @param end when it ends
     * @return a copy
     */
    public GdapRelationship withEnd(Instant end) {
        return copy(status, roles, autoExtend, activatedAt, end, assignments);
    }

    /**
     * The same relationship under another name; the names of those that Microsoft created from old relationships begin
     * with {@code MLT_}.
     *
     * @param name the name
     * @return a copy
     */
    public GdapRelationship withDisplayName(String name) {
        return new GdapRelationship(
                id,
                tenantId,
                name,
                status,
                roles,
                duration,
                autoExtend,
                createdAt,
                activatedAt,
                endAt,
                version + 1,
                assignments);
    }

    /**
     * The same relationship, with or without automatic extension.
     *
     * @param value whether it is extended automatically
     * @return a copy
     */
    public GdapRelationship withAutoExtend(boolean value) {
        return copy(status, roles, value, activatedAt, endAt, assignments);
    }

    /**
     * The same relationship with other access assignments.
     *
     * @param values the assignments
     * @return a copy
     */
    public GdapRelationship withAssignments(List<AccessAssignment> values) {
        return copy(status, roles, autoExtend, activatedAt, endAt, values);
    }

    private GdapRelationship copy(
            Status newStatus,
            Set<String> newRoles,
            boolean newAutoExtend,
            @Nullable Instant newActivatedAt,
            Instant newEndAt,
            List<AccessAssignment> newAssignments) {
        return new GdapRelationship(
                id,
                tenantId,
                displayName,
                newStatus,
                newRoles,
                duration,
                newAutoExtend,
                createdAt,
                newActivatedAt,
                newEndAt,
                version + 1,
                newAssignments);
    }
}
