package dev.cpv.testing;

import dev.cpv.model.AppId;
import dev.cpv.model.AppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PermissionType;
import dev.cpv.model.PublishedScope;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A directory in memory that obeys every rule of the port, keeps state, records calls, and can be made to fail.
 * Tools that embed cpv unit test against it:
 *
 * <pre>{@code
 * FakeTenantDirectory directory = FakeTenantDirectory.offering(required);
 * CpvResult result = CpvClient.create(directory, required).refresh(tenant);
 * }</pre>
 *
 * <p>A tenant that was not set up exists, has all resources, and was never consented. Thread-safe.
 */
public final class FakeTenantDirectory implements TenantDirectory {
    private final SortedMap<AppId, ResourceDefinition> catalogue;
    private final Map<TenantId, FakeTenant> tenants = new ConcurrentHashMap<>();
    private final Map<String, TenantId> domains = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    private FakeTenantDirectory(SortedMap<AppId, ResourceDefinition> catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * Creates a directory without tenants, whose resources offer everything that a set requires. Roles and scopes that
     * the set names by GUID get made-up value names; a scope that the set names by value is accepted, but not
     * published.
     *
     * @param required what is offered, beside the scopes that cpv needs itself
     */
    public static FakeTenantDirectory offering(RequiredPermissionSet required) {
        RequiredPermissionSet all = required.plus(RequiredPermissionSet.bootstrap());
        SortedMap<AppId, ResourceDefinition> catalogue = new TreeMap<>();
        for (AppId resource : all.resources()) {
            List<AppRole> roles = new ArrayList<>();
            List<PublishedScope> scopes = new ArrayList<>();
            for (RequiredPermission permission : all.permissions()) {
                if (permission.resource().equals(resource)) {
                    publish(permission, roles, scopes);
                }
            }
            catalogue.put(resource, ResourceDefinition.ofTenant(roles, scopes));
        }
        return new FakeTenantDirectory(catalogue);
    }

    private static void publish(RequiredPermission permission, List<AppRole> roles, List<PublishedScope> scopes) {
        String value = permission.guid().map(FakeTenantDirectory::valueName).orElse(permission.id());
        if (permission.type() == PermissionType.APPLICATION) {
            UUID id = permission.guid().orElseGet(() -> roleId(permission.resource(), permission.id()));
            roles.add(new AppRole(id, value, true));
        } else if (permission.guid().isPresent()) {
            scopes.add(new PublishedScope(permission.guid().get(), value));
        }
    }

    private static String valueName(UUID id) {
        return RequiredPermissionSet.bootstrapScopes().stream()
                .filter(scope -> scope.id().equals(id))
                .map(PublishedScope::value)
                .findFirst()
                .orElse("Permission." + id);
    }

    /**
     * Returns the GUID that this fake assigns to an app role which the required set names by value; always the same for
     * the same arguments.
     */
    public static UUID roleId(AppId resource, String value) {
        return UUID.nameUUIDFromBytes((resource + " " + value).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a tenant, to set up or to inspect its state; always the same object for the same id. */
    public FakeTenant tenant(TenantId tenant) {
        return tenants.computeIfAbsent(tenant, id -> new FakeTenant(new FakeTenantState(id, catalogue)));
    }

    /** Returns a tenant by its GUID, as {@link #tenant(TenantId)} does. */
    public FakeTenant tenant(String tenant) {
        return tenant(TenantId.of(tenant));
    }

    /**
     * Assigns a domain to a tenant.
     *
     * @param domain the domain, in any case
     * @param tenant the tenant
     */
    public void addDomain(String domain, TenantId tenant) {
        domains.put(domain.toLowerCase(Locale.ROOT), tenant);
    }

    /** Returns the calls of the port so far, in order. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** Returns the calls for one tenant so far, in order. */
    public List<Call> calls(TenantId tenant) {
        return calls.stream().filter(call -> call.tenant().equals(tenant)).toList();
    }

    @Override
    public TenantRoute route(TenantId tenant) {
        return tenant(tenant).state().route();
    }

    @Override
    public TenantId resolve(String domain) {
        TenantId tenant = domains.get(domain.toLowerCase(Locale.ROOT));
        if (tenant == null) {
            throw new TenantDirectoryException(
                    CpvFailure.of(FailureCode.TENANT_NOT_RESOLVED, "No tenant has the domain '" + domain + "'"), null);
        }
        return tenant;
    }

    @Override
    public TenantSession open(RefreshContext context) {
        return new FakeSession(context, tenant(context.tenant()).state(), calls::add);
    }

    /**
     * A call of the port.
     *
     * @param tenant the tenant
     * @param kind which method
     * @param steps the steps that were handed over; empty for a read
     */
    public record Call(TenantId tenant, Kind kind, List<Step> steps) {
        /** Creates the call. */
        public Call {
            steps = List.copyOf(steps);
        }

        /** A method of {@link TenantSession}. This list grows with the port. */
        public enum Kind {
            /** {@link TenantSession#observe}. */
            OBSERVE,
            /** {@link TenantSession#definitions}. */
            DEFINITIONS,
            /** {@link TenantSession#consent}. */
            CONSENT,
            /** {@link TenantSession#apply}. */
            APPLY,
            /** {@link TenantSession#snapshot}. */
            SNAPSHOT,
            /** {@link TenantSession#removeConsent}. */
            REMOVE_CONSENT,
            /** {@link TenantSession#deleteServicePrincipal}. */
            DELETE_SERVICE_PRINCIPAL,
            /** {@link TenantSession#restore}. */
            RESTORE
        }
    }
}
