package dev.cpv.model;

import java.util.Objects;

/** A step that only a reset or an offboarding does (R19). It is never part of a {@link CpvRefreshPlan}. */
public sealed interface ResetStep extends Step {
    /**
     * Withdraw the consent that was given through Partner Center (R19). It may leave the service principal where it is.
     */
    record RemoveConsent() implements ResetStep {
        @Override
        public StepKind kind() {
            return StepKind.REMOVE_CONSENT;
        }

        @Override
        public AppId resource() {
            return AppId.MICROSOFT_GRAPH;
        }

        @Override
        public boolean isAddition() {
            return false;
        }

        @Override
        public String describe(PlanNames names) {
            return "remove the consent";
        }
    }

    /** Delete the application's service principal (R19). Done only after the tenant was seen without it. */
    record DeleteServicePrincipal() implements ResetStep {
        @Override
        public StepKind kind() {
            return StepKind.DELETE_SERVICE_PRINCIPAL;
        }

        @Override
        public AppId resource() {
            return AppId.MICROSOFT_GRAPH;
        }

        @Override
        public boolean isAddition() {
            return false;
        }

        @Override
        public String describe(PlanNames names) {
            return "delete the service principal";
        }
    }

    /**
     * Restore what was deleted with the service principal (R19). One step each, so that each has its own answer.
     *
     * @param assignment what to restore
     */
    record RestoreAssignment(PrincipalAssignment assignment) implements ResetStep {
        /** Creates the step. */
        public RestoreAssignment {
            Objects.requireNonNull(assignment, "assignment");
        }

        @Override
        public StepKind kind() {
            return StepKind.RESTORE_ASSIGNMENT;
        }

        @Override
        public AppId resource() {
            return switch (assignment.kind()) {
                case USER_GRANT -> ((PrincipalAssignment.UserGrant) assignment).resource();
                case APP_ASSIGNMENT, DIRECTORY_ROLE, GROUP_MEMBERSHIP -> AppId.MICROSOFT_GRAPH;
            };
        }

        @Override
        public boolean isAddition() {
            return true;
        }

        @Override
        public String describe(PlanNames names) {
            return "restore: " + assignment.describe();
        }
    }
}
