package com.example;

import dev.cpv.conformance.Ability;
import dev.cpv.conformance.TenantDirectoryConformance;
import dev.cpv.conformance.TenantDirectorySubject;
import dev.cpv.conformance.TenantTruth;
import dev.cpv.model.AppId;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.Sleeper;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.testing.FakeTenant;
import dev.cpv.testing.FakeTenantDirectory;
import dev.cpv.testing.ManualClock;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The test of an own directory; cpv's fake takes its place here. */
class OwnDirectoryTest extends TenantDirectoryConformance {
    @Override
    protected TenantDirectorySubject subject() {
        return new OwnSubject();
    }

    private static final class OwnSubject implements TenantDirectorySubject {
        private final RequiredPermissionSet required = RequiredPermissionSet.fromManifestJson("own", """
                [{"resourceAppId": "00000003-0000-0000-c000-000000000000", "resourceAccess": [
                    {"id": "df021288-bdef-4463-88db-98f22de89214", "type": "Role"},
                    {"id": "7ab1d382-f21e-4acd-a863-ba3e13f7da61", "type": "Role"},
                    {"id": "User.Read", "type": "Scope"},
                    {"id": "Directory.Read.All", "type": "Scope"}]},
                 {"resourceAppId": "00000002-0000-0ff1-ce00-000000000000", "resourceAccess": [
                    {"id": "dc50a0fb-09a3-484d-be87-e023b12c6440", "type": "Role"},
                    {"id": "dc890d15-9560-4a4c-9b7f-a736ec74ec40", "type": "Role"},
                    {"id": "Exchange.Manage", "type": "Scope"},
                    {"id": "full_access_as_user", "type": "Scope"}]}]
                """);
        private final FakeTenantDirectory directory = FakeTenantDirectory.offering(required);
        private final ManualClock time = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));

        @Override
        public TenantDirectory directory() {
            return directory;
        }

        @Override
        public RequiredPermissionSet required() {
            return required;
        }

        @Override
        public Clock clock() {
            return time;
        }

        @Override
        public Sleeper sleeper() {
            return time;
        }

        @Override
        public TenantId create(TenantTruth state) {
            TenantId id = new TenantId(UUID.randomUUID());
            FakeTenant tenant = directory.tenant(id);
            if (state.consented()) {
                tenant.consent();
            }
            state.absent().forEach(tenant::withoutResource);
            state.appRoles().forEach(role -> tenant.grantAppRole(role.resource(), role.appRoleId()));
            state.grants()
                    .forEach(grant ->
                            tenant.grantScopes(grant.resource(), grant.scopes().toArray(String[]::new)));
            state.userGrants()
                    .forEach(grant -> tenant.grantScopesToUser(
                            grant.userId(), grant.resource(), grant.scopes().toArray(String[]::new)));
            return id;
        }

        @Override
        public TenantTruth read(TenantId id) {
            FakeTenant tenant = directory.tenant(id);
            Set<AppId> absent = required.resources().stream()
                    .filter(resource -> !tenant.hasResource(resource))
                    .collect(Collectors.toSet());
            Set<PrincipalAssignment.UserGrant> userGrants = new HashSet<>();
            tenant.grantsOfUsers()
                    .forEach((user, grants) -> grants.forEach((resource, scopes) ->
                            userGrants.add(new PrincipalAssignment.UserGrant(user, resource, scopes))));
            return new TenantTruth(tenant.isConsented(), absent, tenant.appRoles(), tenant.grants(), userGrants);
        }

        @Override
        public void makeUnavailable(TenantId tenant, AppId resource) {
            directory.tenant(tenant).withUnavailableResource(resource);
        }

        @Override
        public Set<Ability> missing() {
            return Set.of(
                    Ability.WITHHELD_ROLE,
                    Ability.REFUSED_STEP,
                    Ability.BREAK_DOWN,
                    Ability.RESET,
                    Ability.ASSIGNMENTS);
        }
    }
}
