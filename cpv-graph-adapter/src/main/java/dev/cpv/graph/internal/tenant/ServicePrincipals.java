package dev.cpv.graph.internal.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.model.AppId;
import dev.cpv.model.AppRole;
import dev.cpv.model.Guids;
import dev.cpv.model.PublishedScope;
import dev.cpv.model.ResourceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        // Some principals, such as old managed identities, have an id that is no GUID.
        return Guids.find(json.path("appId").asText()).map(AppId::new).orElse(null);
    }

    static ResourceDefinition definitionOfTenant(JsonNode json) {
        return definition(json, ResourceDefinition::ofTenant);
    }

    static ResourceDefinition definitionOfAnotherTenant(JsonNode json) {
        return definition(json, ResourceDefinition::ofAnotherTenant);
    }

    private static ResourceDefinition definition(
            JsonNode json, BiFunction<List<AppRole>, List<PublishedScope>, ResourceDefinition> make) {
        List<AppRole> roles = new ArrayList<>();
        for (JsonNode role : json.path("appRoles")) {
            id(role).ifPresent(
                            id -> roles.add(new AppRole(id, role.path("value").asText(""), isAssignable(role))));
        }
        List<PublishedScope> scopes = new ArrayList<>();
        for (JsonNode scope : json.path("oauth2PermissionScopes")) {
            String value = scope.path("value").textValue();
            if (value != null) {
                id(scope).ifPresent(id -> scopes.add(new PublishedScope(id, value)));
            }
        }
        return make.apply(roles, scopes);
    }

    private static boolean isAssignable(JsonNode role) {
        for (JsonNode member : role.path("allowedMemberTypes")) {
            if (member.asText().equals(APPLICATION)) {
                return role.path("isEnabled").asBoolean(false);
            }
        }
        return false;
    }

    private static Optional<UUID> id(JsonNode permission) {
        return Guids.find(permission.path("id").asText()); // A permission without a GUID cannot be granted.
    }
}
