package dev.cpv.model;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The scopes that cpv needs itself in every tenant (R5), and the consent that gives them. */
final class BootstrapScopes {
    /** Ids from https://learn.microsoft.com/graph/permissions-reference; named by id so that a manifest's entry is the same. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "84bccea3-f856-4a8a-967b-dbe0a3d53a64", "AppRoleAssignment.ReadWrite.All",
            "41ce6ca6-6826-4807-84f1-1c82854f7ee5", "DelegatedPermissionGrant.ReadWrite.All",
            "bdfbf15f-ee85-4955-8675-146e8e5296b5", "Application.ReadWrite.All");

    private BootstrapScopes() {}

    static RequiredPermissionSet defaults() {
        RequiredPermissionSet.Builder set = RequiredPermissionSet.builder(RequiredPermissionSet.BOOTSTRAP);
        DEFAULTS.keySet().forEach(id -> set.delegated(AppId.MICROSOFT_GRAPH, id));
        return set.build();
    }

    static List<PublishedScope> published() {
        return DEFAULTS.entrySet().stream()
                .map(entry -> new PublishedScope(UUID.fromString(entry.getKey()), entry.getValue()))
                .sorted(Comparator.comparing(PublishedScope::value))
                .toList();
    }

    /** The consent step, where the tenant needs one. A consent names values, and a POST takes one resource (R5). */
    static List<PlanStep> consentIfMissing(RequiredPermissionSet required, ObservedTenant observed) {
        if (observed.visibility() != ObservedTenant.Visibility.NOT_CONSENTED) {
            return List.of();
        }
        List<String> scopes = required.permissions().stream()
                .filter(permission -> required.requestedBy(permission).contains(RequiredPermissionSet.BOOTSTRAP))
                .filter(permission -> permission.resource().equals(AppId.MICROSOFT_GRAPH))
                .filter(permission -> permission.type() == PermissionType.DELEGATED)
                .flatMap(permission -> value(permission, observed).stream())
                .toList();
        return List.of(new PlanStep.Consent(
                AppId.MICROSOFT_GRAPH, scopes.isEmpty() ? List.copyOf(DEFAULTS.values()) : scopes));
    }

    private static Optional<String> value(RequiredPermission permission, ObservedTenant observed) {
        if (permission.guid().isEmpty()) {
            return Optional.of(permission.id());
        }
        return Optional.ofNullable(DEFAULTS.get(permission.id()))
                .or(() -> observed.resource(permission.resource())
                        .definition()
                        .flatMap(
                                definition -> definition.scope(permission.guid().get()))
                        .map(PublishedScope::value));
    }
}
