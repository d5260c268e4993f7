package dev.cpv.model;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a {@link Step} does. Plans and logs contain the wire name; it never changes, even if the constant or the class
 * is renamed. A new kind is a change for a major version.
 */
public enum StepKind {
    /** {@link PlanStep.Consent}. */
    CONSENT("consent"),
    /** {@link PlanStep.AddResource}. */
    ADD_RESOURCE("add-resource"),
    /** {@link PlanStep.AssignAppRole}. */
    ASSIGN_APP_ROLE("assign-app-role"),
    /** {@link PlanStep.RevokeAppRole}. */
    REVOKE_APP_ROLE("revoke-app-role"),
    /** {@link PlanStep.SetScopes}. */
    SET_SCOPES("set-scopes"),
    /** {@link PlanStep.MergeGrants}. */
    MERGE_GRANTS("merge-grants"),
    /** {@link ResetStep.RemoveConsent}. */
    REMOVE_CONSENT("remove-consent"),
    /** {@link ResetStep.DeleteServicePrincipal}. */
    DELETE_SERVICE_PRINCIPAL("delete-service-principal"),
    /** {@link ResetStep.RestoreAssignment}. */
    RESTORE_ASSIGNMENT("restore-assignment");

    private final String wireName;

    StepKind(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the name of this kind in plans and logs: lower-case words with hyphens. */
    public String wireName() {
        return wireName;
    }

    /** Returns the kind with a wire name, or empty if there is none. */
    public static Optional<StepKind> ofWireName(String wireName) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName.equals(wireName))
                .findFirst();
    }
}
