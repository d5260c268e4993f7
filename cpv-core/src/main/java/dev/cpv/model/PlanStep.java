package dev.cpv.model;

import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * One thing to do in a tenant. Steps name natural keys alone (application ids, role ids, scope values), never object ids
 * of a directory, so that a plan can be printed, compared and approved. A new kind of step is a change for a major version.
 */
public sealed interface PlanStep {
    /**
     * Returns the resource that the step is about.
     *
     * @return its application id; for a step that is about the application itself, that of Microsoft Graph, whose directory
     *     holds the service principal
     */
    AppId resource();

    /**
     * Says whether the step adds and takes nothing away.
     *
     * @return whether it does
     */
    boolean isAddition();

    /**
     * Describes the step on one line, for people.
     *
     * @return for example {@code assign app role 9a5d68dd-… of 00000003-…}
     */
    String describe();

    /**
     * Consent to the application in the tenant, which creates its service principal (R4, R5).
     *
     * @param resource the resource that is consented
     * @param scopes its delegated scopes, sorted
     */
    record Consent(AppId resource, List<String> scopes) implements PlanStep {
        /**
         * Creates the step.
         *
         * @param resource the resource that is consented
         * @param scopes its delegated scopes, sorted
         */
        public Consent {
            Objects.requireNonNull(resource, "resource");
            scopes = sorted(scopes);
        }

        @Override
        public boolean isAddition() {
            return true;
        }

        @Override
        public String describe() {
            return "consent to " + resource + ": " + String.join(" ", scopes);
        }
    }

    /**
     * Create the service principal of a resource (R15).
     *
     * @param resource the resource
     */
    record AddResource(AppId resource) implements PlanStep {
        /**
         * Creates the step.
         *
         * @param resource the resource
         */
        public AddResource {
            Objects.requireNonNull(resource, "resource");
        }

        @Override
        public boolean isAddition() {
            return true;
        }

        @Override
        public String describe() {
            return "add resource " + resource;
        }
    }

    /**
     * Assign an app role to the application (R8).
     *
     * @param resource the resource that publishes the role
     * @param appRoleId the role's GUID
     */
    record AssignAppRole(AppId resource, UUID appRoleId) implements PlanStep {
        /**
         * Creates the step.
         *
         * @param resource the resource that publishes the role
         * @param appRoleId the role's GUID
         */
        public AssignAppRole {
            Objects.requireNonNull(resource, "resource");
            Objects.requireNonNull(appRoleId, "appRoleId");
        }

        @Override
        public boolean isAddition() {
            return true;
        }

        @Override
        public String describe() {
            return "assign app role " + appRoleId + " of " + resource;
        }
    }

    /**
     * Take an app role away from the application (R10).
     *
     * @param resource the resource that publishes the role
     * @param appRoleId the role's GUID
     */
    record RevokeAppRole(AppId resource, UUID appRoleId) implements PlanStep {
        /**
         * Creates the step.
         *
         * @param resource the resource that publishes the role
         * @param appRoleId the role's GUID
         */
        public RevokeAppRole {
            Objects.requireNonNull(resource, "resource");
            Objects.requireNonNull(appRoleId, "appRoleId");
        }

        @Override
        public boolean isAddition() {
            return false;
        }

        @Override
        public String describe() {
            return "revoke app role " + appRoleId + " of " + resource;
        }
    }

    /**
     * Let the tenant-wide grant for a resource hold exactly these scopes, whether it exists or not (R12).
     *
     * @param resource the resource
     * @param scopes all scopes, sorted; none to delete the grant
     * @param removed those among the present ones that go, sorted; none under {@link ExtraGrants#KEEP}
     */
    record SetScopes(AppId resource, List<String> scopes, List<String> removed) implements PlanStep {
        /**
         * Creates the step.
         *
         * @param resource the resource
         * @param scopes all scopes, sorted; none to delete the grant
         * @param removed those among the present ones that go, sorted; none under {@link ExtraGrants#KEEP}
         */
        public SetScopes {
            Objects.requireNonNull(resource, "resource");
            scopes = sorted(scopes);
            removed = sorted(removed);
        }

        @Override
        public boolean isAddition() {
            return removed.isEmpty();
        }

        @Override
        public String describe() {
            return describeScopes("set scopes of ", resource, scopes, removed);
        }
    }

    /**
     * Let one of several tenant-wide grants for a resource hold exactly these scopes, and only then delete the others (R13).
     *
     * @param resource the resource
     * @param scopes all scopes, sorted
     * @param removed those among the present ones that go, sorted; none under {@link ExtraGrants#KEEP}
     */
    record MergeGrants(AppId resource, List<String> scopes, List<String> removed) implements PlanStep {
        /**
         * Creates the step.
         *
         * @param resource the resource
         * @param scopes all scopes, sorted
         * @param removed those among the present ones that go, sorted; none under {@link ExtraGrants#KEEP}
         */
        public MergeGrants {
            Objects.requireNonNull(resource, "resource");
            scopes = sorted(scopes);
            removed = sorted(removed);
        }

        @Override
        public boolean isAddition() {
            return false;
        }

        @Override
        public String describe() {
            return describeScopes("merge the grants of ", resource, scopes, removed);
        }
    }

    /**
     * Withdraw the consent that was given through Partner Center (R19). It may leave the service principal where it is.
     */
    record RemoveConsent() implements PlanStep {
        @Override
        public AppId resource() {
            return AppId.MICROSOFT_GRAPH;
        }

        @Override
        public boolean isAddition() {
            return false;
        }

        @Override
        public String describe() {
            return "remove the consent";
        }
    }

    /**
     * Delete the application's service principal (R19). Done only once the tenant was seen without it.
     */
    record DeleteServicePrincipal() implements PlanStep {
        @Override
        public AppId resource() {
            return AppId.MICROSOFT_GRAPH;
        }

        @Override
        public boolean isAddition() {
            return false;
        }

        @Override
        public String describe() {
            return "delete the service principal";
        }
    }

    /**
     * Give back what went with the service principal (R19). One step each, so that each has its own answer.
     *
     * @param assignment what to give back
     */
    record RestoreAssignment(PrincipalAssignment assignment) implements PlanStep {
        /**
         * Creates the step.
         *
         * @param assignment what to give back
         */
        public RestoreAssignment {
            Objects.requireNonNull(assignment, "assignment");
        }

        @Override
        public AppId resource() {
            return assignment instanceof PrincipalAssignment.UserGrant grant ? grant.resource() : AppId.MICROSOFT_GRAPH;
        }

        @Override
        public boolean isAddition() {
            return true;
        }

        @Override
        public String describe() {
            return "give back: " + assignment.describe();
        }
    }

    private static List<String> sorted(List<String> values) {
        SortedSet<String> sorted = new TreeSet<>(values);
        return List.copyOf(sorted);
    }

    private static String describeScopes(String verb, AppId resource, List<String> scopes, List<String> removed) {
        return verb + resource + ": " + (scopes.isEmpty() ? "none" : String.join(" ", scopes))
                + (removed.isEmpty() ? "" : "; removed: " + String.join(" ", removed));
    }
}
