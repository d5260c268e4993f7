package dev.cpv.graph.internal.tenant;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import java.util.Set;

/**
 * Distinguishes a token that lacks a scope from a service account that lacks a role: Graph answers both with 403. See the
 * permission tables of https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto and its siblings.
 */
final class MissingScopes {
    private static final String EVERYTHING = "Directory.ReadWrite.All";

    private MissingScopes() {}

    static CpvFailure explain(CpvFailure failure, Set<String> scopes) {
        if (failure.code() != FailureCode.DELEGATED_ADMIN_ROLE_MISSING || isEnough(scopes)) {
            return failure;
        }
        return failure.as(
                FailureCode.BOOTSTRAP_SCOPES_MISSING,
                "Consent in this tenant lacks scopes that cpv needs to repair it; it contains: "
                        + String.join(" ", scopes));
    }

    static boolean isEnough(Set<String> scopes) {
        boolean grants = scopes.contains("DelegatedPermissionGrant.ReadWrite.All");
        boolean roles = scopes.contains("AppRoleAssignment.ReadWrite.All");
        boolean principals = scopes.contains("Application.ReadWrite.All") || scopes.contains(EVERYTHING);
        return grants && roles && principals;
    }
}
