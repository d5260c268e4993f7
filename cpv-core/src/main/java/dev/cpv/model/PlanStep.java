package dev.cpv.model;

import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A step of a {@link CpvRefreshPlan}. It contains only natural keys, so that a plan can be printed, compared and
 * approved.
 */
public sealed interface PlanStep extends Step {
    /**
     * Consent to the application in the tenant, which creates its service principal (R4, R5).
     *
     * @param resource the resource that is consented
     * @param scopes its delegated scopes, sorted
     */
    record Consent(AppId resource, List<String> scopes) implements PlanStep {
        /** Creates the step. */
        public Consent {
            Objects.requireNonNull(resource, "resource");
            scopes = sorted(scopes);
        }

        @Override
        public StepKind kind() {
            return StepKind.CONSENT;
        }

        @Override
        public boolean isAddition() {
            return true;
        }

        @Override
        public String describe(PlanNames names) {
            return "consent to " + names.describe(resource) + ": " + String.join(" ", scopes);
        }
    }

    /** Create the service principal of a resource (R15). */
    record AddResource(AppId resource) implements PlanStep {
        /** Creates the step. */
        public AddResource {
            Objects.requireNonNull(resource, "resource");
        }

        @Override
        public StepKind kind() {
            return StepKind.ADD_RESOURCE;
        }

        @Override
        public boolean isAddition() {
            return true;
        }

        @Override
        public String describe(PlanNames names) {
            return "add resource " + names.describe(resource);
        }
    }

    /**
     * Assign an app role to the application (R8).
     *
     * @param resource the resource that publishes the role
     * @param appRoleId the role's GUID
     */
    record AssignAppRole(AppId resource, UUID appRoleId) implements PlanStep {
        /** Creates the step. */
        public AssignAppRole {
            Objects.requireNonNull(resource, "resource");
            Objects.requireNonNull(appRoleId, "appRoleId");
        }

        @Override
        public StepKind kind() {
            return StepKind.ASSIGN_APP_ROLE;
        }

        @Override
        public boolean isAddition() {
            return true;
        }

        @Override
        public String describe(PlanNames names) {
            return describeRole("assign app role ", names, resource, appRoleId);
        }
    }

    /**
     * Revoke an app role that the application holds (R10).
     *
     * @param resource the resource that publishes the role
     * @param appRoleId the role's GUID
     */
    record RevokeAppRole(AppId resource, UUID appRoleId) implements PlanStep {
        /** Creates the step. */
        public RevokeAppRole {
            Objects.requireNonNull(resource, "resource");
            Objects.requireNonNull(appRoleId, "appRoleId");
        }

        @Override
        public StepKind kind() {
            return StepKind.REVOKE_APP_ROLE;
        }

        @Override
        public boolean isAddition() {
            return false;
        }

        @Override
        public String describe(PlanNames names) {
            return describeRole("revoke app role ", names, resource, appRoleId);
        }
    }

    /**
     * Let the tenant-wide grant for a resource hold exactly these scopes, whether it exists or not (R12).
     *
     * @param resource the resource
     * @param scopes all scopes, sorted; none to delete the grant
     * @param removed the present scopes that are removed, sorted; none under {@link ExtraGrants#KEEP}
     */
    record SetScopes(AppId resource, List<String> scopes, List<String> removed) implements PlanStep {
        /** Creates the step. */
        public SetScopes {
            Objects.requireNonNull(resource, "resource");
            scopes = sorted(scopes);
            removed = sorted(removed);
        }

        @Override
        public StepKind kind() {
            return StepKind.SET_SCOPES;
        }

        @Override
        public boolean isAddition() {
            return removed.isEmpty();
        }

        @Override
        public String describe(PlanNames names) {
            return describeScopes("set scopes of ", names.describe(resource), scopes, removed);
        }
    }

    /**
     * Let one of several tenant-wide grants for a resource hold exactly these scopes, and only then delete the others
     * (R13).
     *
     * @param resource the resource
     * @param scopes all scopes, sorted
     * @param removed the present scopes that are removed, sorted; none under {@link ExtraGrants#KEEP}
     */
    record MergeGrants(AppId resource, List<String> scopes, List<String> removed) implements PlanStep {
        /** Creates the step. */
        public MergeGrants {
            Objects.requireNonNull(resource, "resource");
            scopes = sorted(scopes);
            removed = sorted(removed);
        }

        @Override
        public StepKind kind() {
            return StepKind.MERGE_GRANTS;
        }

        @Override
        public boolean isAddition() {
            return false;
        }

        @Override
        public String describe(PlanNames names) {
            return describeScopes("merge the grants of ", names.describe(resource), scopes, removed);
        }
    }

    private static List<String> sorted(List<String> values) {
        SortedSet<String> sorted = new TreeSet<>(values);
        return List.copyOf(sorted);
    }

    private static String describeRole(String verb, PlanNames names, AppId resource, UUID appRoleId) {
        return verb + names.describe(PlanNames.appRole(new AssignedAppRole(resource, appRoleId))) + " of "
                + names.describe(resource);
    }

    private static String describeScopes(String verb, String resource, List<String> scopes, List<String> removed) {
        return verb + resource + ": " + (scopes.isEmpty() ? "none" : String.join(" ", scopes))
                + (removed.isEmpty() ? "" : "; removed: " + String.join(" ", removed));
    }
}
