package dev.cpv.graph;

import dev.cpv.conformance.TenantDirectoryConformance;
import dev.cpv.conformance.TenantDirectorySubject;
import dev.cpv.conformance.TenantTruth;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedGrant;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.Unavailability;
import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.spi.Sleeper;
import dev.cpv.spi.TenantDirectory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** The port's rules over real HTTP, against the simulator of Microsoft's services. */
class GraphTenantDirectoryConformanceTest extends TenantDirectoryConformance {
    private final SimulatedPartner partner = newPartner();

    /** Called before the constructor of a subclass has run. */
    SimulatedPartner newPartner() {
        return new SimulatedPartner();
    }

    @AfterEach
    void stop() {
        partner.close();
    }

    @Override
    protected TenantDirectorySubject subject() {
        return new Subject();
    }

    private final class Subject implements TenantDirectorySubject {
        private final List<String> resources = List.of(ResourceCatalog.GRAPH, ResourceCatalog.EXCHANGE);

        @Override
        public TenantDirectory directory() {
            return partner.directory;
        }

        @Override
        public RequiredPermissionSet required() {
            RequiredPermissionSet.Builder set = RequiredPermissionSet.builder("conformance");
            for (String resource : resources) {
                ResourceCatalog.Resource published =
                        partner.simulator.catalog().resource(resource).orElseThrow();
                published.appRoles().stream().limit(3).forEach(role -> set.application(AppId.of(resource), role.id()));
                published.scopes().stream()
                        .filter(scope -> !SimulatedTenant.BOOTSTRAP_SCOPES.contains(scope.value()))
                        .limit(3)
                        .forEach(scope -> set.delegated(AppId.of(resource), scope.value()));
            }
            return set.build();
        }

        @Override
        public Clock clock() {
            return partner.time;
        }

        @Override
        public Sleeper sleeper() {
            return partner.time;
        }

        @Override
        public TenantId create(TenantTruth state) {
            SimulatedTenant tenant = partner.simulator.addCustomer("Conformance");
            if (state.consented()) {
                tenant.consented(Set.of());
                tenant.removeScopes(ResourceCatalog.GRAPH, Set.of());
            }
            state.appRoles()
                    .forEach(role -> tenant.assignAppRole(
                            role.resource().toString(), role.appRoleId().toString()));
            Set<AppId> granted = new HashSet<>();
            for (TenantWideGrant grant : state.grants()) {
                String resource = grant.resource().toString();
                Set<String> scopes = new TreeSet<>(grant.scopes());
                if (granted.add(grant.resource())) {
                    tenant.grantScopes(resource, scopes);
                } else {
                    tenant.duplicateGrant(resource, scopes);
                }
            }
            for (PrincipalAssignment.UserGrant grant : state.userGrants()) {
                tenant.userGrant(grant.userId(), grant.resource().toString(), new TreeSet<>(grant.scopes()));
            }
            state.assignments().forEach(assignment -> assign(tenant, assignment));
            state.absent().forEach(resource -> tenant.withoutServicePrincipal(resource.toString()));
            return TenantId.of(tenant.id());
        }

        private void assign(SimulatedTenant tenant, PrincipalAssignment assignment) {
            String id = assignment.objectId();
            switch (assignment.kind()) {
                case APP_ASSIGNMENT -> {
                    var assigned = (PrincipalAssignment.AppAssignment) assignment;
                    tenant.assignToApp("User", id, assigned.appRoleId().toString());
                }
                case DIRECTORY_ROLE -> tenant.assignDirectoryRole(id);
                case GROUP_MEMBERSHIP -> tenant.addToGroup(id);
                case USER_GRANT -> throw new IllegalArgumentException("Not to be set up: " + assignment);
            }
        }

        private Set<PrincipalAssignment> assignments(SimulatedTenant tenant) {
            Set<PrincipalAssignment> all = new HashSet<>();
            tenant.assignedTo(partner.clientId())
                    .forEach(assigned -> all.add(new PrincipalAssignment.AppAssignment(
                            assigned.principalId(), UUID.fromString(assigned.appRoleId()), "")));
            tenant.directoryRoles(partner.clientId())
                    .forEach(role -> all.add(new PrincipalAssignment.DirectoryRole(UUID.fromString(role), "")));
            tenant.groups(partner.clientId())
                    .forEach(group -> all.add(new PrincipalAssignment.GroupMembership(group, "")));
            return all;
        }

        @Override
        public TenantTruth read(TenantId id) {
            SimulatedTenant tenant = tenant(id);
            boolean consented = tenant.servicePrincipal(partner.clientId()).isPresent();
            Set<AppId> absent = new HashSet<>();
            for (String resource : resources) {
                if (tenant.servicePrincipal(resource).isEmpty()) {
                    absent.add(AppId.of(resource));
                }
            }
            Set<AssignedAppRole> roles = new HashSet<>();
            tenant.grantedAppRoles(partner.clientId())
                    .forEach((resource, ids) -> ids.forEach(
                            role -> roles.add(new AssignedAppRole(AppId.of(resource), UUID.fromString(role)))));
            List<TenantWideGrant> grants = new ArrayList<>();
            Set<PrincipalAssignment.UserGrant> userGrants = new HashSet<>();
            for (SimulatedGrant grant : tenant.grants(partner.clientId())) {
                AppId resource = resource(tenant, grant.resourceId());
                List<String> scopes = List.copyOf(grant.scopes());
                String user = grant.principalId();
                if (user == null) {
                    grants.add(new TenantWideGrant(resource, scopes));
                } else {
                    userGrants.add(new PrincipalAssignment.UserGrant(user, resource, scopes));
                }
            }
            return new TenantTruth(consented, absent, roles, grants, userGrants, assignments(tenant));
        }

        @Override
        public void makeUnavailable(TenantId tenant, AppId resource) {
            tenant(tenant).behaviour().unavailable(resource.toString(), Unavailability.NO_BACKING_APPLICATION);
        }

        @Override
        public void withhold(TenantId tenant, AppId resource, UUID appRoleId) {
            tenant(tenant).behaviour().withdrawAppRole(resource.toString(), appRoleId.toString());
        }

        @Override
        public void refuse(TenantId tenant, Step step) {
            switch (step.kind()) {
                case MERGE_GRANTS -> refuse(tenant, "PATCH", "/oauth2PermissionGrants", 400);
                case DELETE_SERVICE_PRINCIPAL -> refuse(tenant, "DELETE", "/servicePrincipals", 403);
                case ASSIGN_APP_ROLE -> {
                    String resource = tenant(tenant)
                            .servicePrincipal(step.resource().toString())
                            .orElseThrow()
                            .id();
                    refuse(tenant, "POST", resource + "/appRoleAssignedTo", 400);
                }
                case CONSENT, ADD_RESOURCE, REVOKE_APP_ROLE, SET_SCOPES, REMOVE_CONSENT, RESTORE_ASSIGNMENT ->
                    throw new IllegalArgumentException("No test refuses " + step);
            }
        }

        private void refuse(TenantId tenant, String method, String path, int status) {
            partner.simulator
                    .faults()
                    .onPart(tenant.toString(), method, path)
                    .always()
                    .respond(status);
        }

        @Override
        public void breakDown(TenantId tenant) {
            tenant(tenant).behaviour().refuseTokens(53003);
            // A token from before would still be good.
            partner.simulator
                    .faults()
                    .on(tenant.toString(), Endpoint.BATCH)
                    .always()
                    .respond(403);
        }

        private SimulatedTenant tenant(TenantId id) {
            return partner.simulator.tenant(id.toString()).orElseThrow();
        }

        private AppId resource(SimulatedTenant tenant, String objectId) {
            return tenant.servicePrincipals().stream()
                    .filter(principal -> principal.id().equals(objectId))
                    .map(principal -> AppId.of(principal.appId()))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
