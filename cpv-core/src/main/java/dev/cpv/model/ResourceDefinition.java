package dev.cpv.model;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a resource publishes: its app roles and delegated scopes. Definitions differ a little between tenants, so this also
 * says where it was read. Immutable.
 */
public final class ResourceDefinition {
    private final boolean ownTenant;
    private final List<AppRole> appRoles;
    private final List<PublishedScope> scopes;
    private final Map<UUID, AppRole> roleById = new HashMap<>();
    private final Map<String, AppRole> roleByValue = new HashMap<>();
    private final Map<UUID, PublishedScope> scopeById = new HashMap<>();
    private final Map<String, PublishedScope> scopeByValue = new HashMap<>();

    private ResourceDefinition(boolean ownTenant, List<AppRole> appRoles, List<PublishedScope> scopes) {
        this.ownTenant = ownTenant;
        this.appRoles = appRoles;
        this.scopes = scopes;
        for (AppRole role : appRoles) {
            roleById.put(role.id(), role);
            // Two roles may share a value, one for users and one for applications: the assignable one is used.
            roleByValue.merge(key(role.value()), role, (one, other) -> one.assignable() ? one : other);
        }
        for (PublishedScope scope : scopes) {
            scopeById.put(scope.id(), scope);
            scopeByValue.putIfAbsent(key(scope.value()), scope);
        }
    }

    /**
     * Makes a definition that was read in the tenant it is used for.
     *
     * @param appRoles the app roles
     * @param scopes the delegated scopes
     * @return the definition; what it does not hold is not offered there
     */
    public static ResourceDefinition ofTenant(Collection<AppRole> appRoles, Collection<PublishedScope> scopes) {
        return new ResourceDefinition(true, List.copyOf(appRoles), List.copyOf(scopes));
    }

    /**
     * Makes a definition that was read in another tenant of the same cloud.
     *
     * @param appRoles the app roles
     * @param scopes the delegated scopes
     * @return the definition; what it does not hold may still be offered in the tenant
     */
    public static ResourceDefinition ofAnotherTenant(Collection<AppRole> appRoles, Collection<PublishedScope> scopes) {
        return new ResourceDefinition(false, List.copyOf(appRoles), List.copyOf(scopes));
    }

    /**
     * Returns whether this was read in the tenant it is used for, so that a permission it lacks is not offered there.
     */
    public boolean isOfTenant() {
        return ownTenant;
    }

    /** Returns all app roles, as published. */
    public List<AppRole> appRoles() {
        return appRoles;
    }

    /** Returns all delegated scopes, as published. */
    public List<PublishedScope> scopes() {
        return scopes;
    }

    /** Returns the app role with a GUID, or empty if it is not published. */
    public Optional<AppRole> appRole(UUID id) {
        return Optional.ofNullable(roleById.get(id));
    }

    /** Returns the app role with a value name, in any case, or empty if it is not published. */
    public Optional<AppRole> appRole(String value) {
        return Optional.ofNullable(roleByValue.get(key(value)));
    }

    /** Returns the delegated scope with a GUID, or empty if it is not published. */
    public Optional<PublishedScope> scope(UUID id) {
        return Optional.ofNullable(scopeById.get(id));
    }

    /** Returns the delegated scope with a value name, in any case, or empty if it is not published. */
    public Optional<PublishedScope> scope(String value) {
        return Optional.ofNullable(scopeByValue.get(key(value)));
    }

    private static String key(String value) {
        return value.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return appRoles.size() + " app roles, " + scopes.size() + " scopes" + (ownTenant ? "" : " (of another tenant)");
    }
}
