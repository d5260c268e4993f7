package dev.cpv.graph.internal.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.graph.models.ServicePrincipal;
import com.microsoft.kiota.serialization.JsonParseNodeFactory;
import dev.cpv.model.AppId;
import dev.cpv.model.AppRole;
import dev.cpv.model.PublishedScope;
import dev.cpv.model.ResourceDefinition;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Reads service principals out of Graph's JSON. */
final class ServicePrincipals {
    private static final String APPLICATION = "Application";

    private ServicePrincipals() {}

    static TenantState.Principal principal(JsonNode json) {
        return new TenantState.Principal(
                json.path("id").asText(),
                json.path("displayName").asText(""),
                json.path("accountEnabled").asBoolean(true));
    }

    static @Nullable AppId appId(JsonNode json) {
        try {
            return AppId.of(json.path("appId").asText());
        } catch (IllegalArgumentException e) {
            return null; // Some principals, such as managed identities of old, have none that is a GUID.
        }
    }

    static ResourceDefinition definitionOfTenant(JsonNode json) {
        return definition(json, ResourceDefinition::ofTenant);
    }

    static ResourceDefinition definitionOfAnotherTenant(JsonNode json) {
        return definition(json, ResourceDefinition::ofAnotherTenant);
    }

    /** Definitions are read once a day, so the SDK's own models do it. */
    private static ResourceDefinition definition(
            JsonNode json, BiFunction<List<AppRole>, List<PublishedScope>, ResourceDefinition> make) {
        ServicePrincipal principal = new JsonParseNodeFactory()
                .getParseNode(
                        "application/json",
                        new ByteArrayInputStream(json.toString().getBytes(StandardCharsets.UTF_8)))
                .getObjectValue(ServicePrincipal::createFromDiscriminatorValue);
        List<AppRole> roles =
                Objects.requireNonNullElse(principal.getAppRoles(), List.<com.microsoft.graph.models.AppRole>of())
                        .stream()
                        .filter(role -> role.getId() != null)
                        .map(ServicePrincipals::role)
                        .toList();
        List<PublishedScope> scopes = Objects.requireNonNullElse(
                        principal.getOauth2PermissionScopes(), List.<com.microsoft.graph.models.PermissionScope>of())
                .stream()
                .filter(scope -> scope.getId() != null && scope.getValue() != null)
                .map(scope -> new PublishedScope(
                        Objects.requireNonNull(scope.getId()), Objects.requireNonNull(scope.getValue())))
                .toList();
        return make.apply(roles, scopes);
    }

    private static AppRole role(com.microsoft.graph.models.AppRole role) {
        UUID id = Objects.requireNonNull(role.getId());
        List<String> members = Objects.requireNonNullElse(role.getAllowedMemberTypes(), List.of());
        boolean assignable = Boolean.TRUE.equals(role.getIsEnabled()) && members.contains(APPLICATION);
        return new AppRole(id, Objects.requireNonNullElse(role.getValue(), ""), assignable);
    }
}
