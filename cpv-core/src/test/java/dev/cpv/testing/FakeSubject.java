package dev.cpv.testing;

import dev.cpv.conformance.TenantDirectorySubject;
import dev.cpv.conformance.TenantTruth;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectory;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The fake for the conformance suite, or a directory around it that is broken on purpose. */
final class FakeSubject implements TenantDirectorySubject {
    private static final AppId EXCHANGE = AppId.of("00000002-0000-0ff1-ce00-000000000000");
    private static final RequiredPermissionSet REQUIRED = RequiredPermissionSet.builder("conformance")
            .application(AppId.MICROSOFT_GRAPH, "df021288-bdef-4463-88db-98f22de89214")
            .application(AppId.MICROSOFT_GRAPH, "7ab1d382-f21e-4acd-a863-ba3e13f7da61")
            .delegated(AppId.MICROSOFT_GRAPH, "User.Read.All")
            .delegated(AppId.MICROSOFT_GRAPH, "Group.Read.All")
            .application(EXCHANGE, "dc50a0fb-09a3-484d-be87-e023b12c6440")
            .application(EXCHANGE, "dc890d15-9560-4a4c-9b7f-a736ec74ec40")
            .delegated(EXCHANGE, "Exchange.Manage")
            .delegated(EXCHANGE, "EWS.AccessAsUser.All")
            .build();
    private static final CpvFailure REFUSED =
            CpvFailure.of(FailureCode.DELEGATED_ADMIN_ROLE_MISSING, "Refused for the test");
    private static final int FOR_EVER = 50;

    private final FakeTenantDirectory fake = FakeTenantDirectory.offering(REQUIRED);
    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-01T00:00:00Z"));
    private final TenantDirectory directory;

    FakeSubject() {
        this(fake -> fake);
    }

    FakeSubject(Function<FakeTenantDirectory, TenantDirectory> breaking) {
        directory = breaking.apply(fake);
    }

    @Override
    public TenantDirectory directory() {
        return directory;
    }

    @Override
    public RequiredPermissionSet required() {
        return REQUIRED;
    }

    @Override
    public ManualClock clock() {
        return clock;
    }

    @Override
    public ManualClock sleeper() {
        return clock;
    }

    @Override
    public TenantId create(TenantTruth state) {
        TenantId id = new TenantId(UUID.randomUUID());
        FakeTenant tenant = fake.tenant(id);
        if (state.consented()) {
            tenant.consent();
        }
        tenant.consentVisibleAfter(3);
        state.absent().forEach(tenant::withoutResource);
        state.appRoles().forEach(role -> tenant.grantAppRole(role.resource(), role.appRoleId()));
        state.grants().forEach(grant -> tenant.grantScopes(grant.resource(), array(grant.scopes())));
        state.userGrants().forEach(own -> tenant.grantScopesToUser(own.userId(), own.resource(), array(own.scopes())));
        state.assignments().forEach(tenant::assign);
        return id;
    }

    private static String[] array(List<String> scopes) {
        return scopes.toArray(String[]::new);
    }

    @Override
    public TenantTruth read(TenantId id) {
        FakeTenant tenant = fake.tenant(id);
        Set<AppId> absent = REQUIRED.resources().stream()
                .filter(r -> !tenant.hasResource(r))
                .collect(Collectors.toSet());
        Set<PrincipalAssignment.UserGrant> userGrants = new HashSet<>();
        tenant.grantsOfUsers()
                .forEach((user, grants) -> grants.forEach((resource, scopes) ->
                        userGrants.add(new PrincipalAssignment.UserGrant(user, resource, scopes))));
        Set<PrincipalAssignment> assignments = tenant.assignments().stream()
                .filter(assignment -> assignment.kind() != PrincipalAssignment.Kind.USER_GRANT)
                .collect(Collectors.toSet());
        return new TenantTruth(
                tenant.isConsented(), absent, tenant.appRoles(), tenant.grants(), userGrants, assignments);
    }

    @Override
    public void makeUnavailable(TenantId tenant, AppId resource) {
        fake.tenant(tenant).withUnavailableResource(resource);
    }

    @Override
    public void withhold(TenantId tenant, AppId resource, UUID appRoleId) {
        RefreshContext context =
                RefreshContext.start(tenant, fake.route(tenant), RefreshOptions.defaults(), clock.instant());
        ResourceDefinition usual =
                fake.open(context).definitions(Set.of(resource)).get(resource);
        if (usual == null) {
            throw new IllegalArgumentException("Absent: " + resource);
        }
        fake.tenant(tenant)
                .publish(
                        resource,
                        ResourceDefinition.ofTenant(
                                usual.appRoles().stream()
                                        .filter(role -> !role.id().equals(appRoleId))
                                        .toList(),
                                usual.scopes()));
    }

    @Override
    public void refuse(TenantId tenant, Step step) {
        for (int i = 0; i < FOR_EVER; i++) {
            fake.tenant(tenant).failNext(step, REFUSED);
        }
    }

    @Override
    public void breakDown(TenantId tenant) {
        for (int i = 0; i < FOR_EVER; i++) {
            fake.tenant(tenant).failNext(CpvFailure.of(FailureCode.TENANT_GONE, "Broken down for the test"));
        }
    }
}
