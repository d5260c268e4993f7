package dev.cpv;

import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedResource;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.ObservedTenant.Visibility;
import dev.cpv.model.PlanStep;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenant;
import dev.cpv.testing.FakeTenantDirectory;
import dev.cpv.testing.ManualClock;
import dev.cpv.testing.PassingDirectory;
import dev.cpv.testing.RecordingListener;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** One tenant over the fake, with a required set of two resources, a clock that moves, and a listener. */
final class Fixture {
    static final TenantId TENANT = TenantId.of("0b7d5f4e-1111-4222-8333-444455556666");
    static final AppId GRAPH = AppId.MICROSOFT_GRAPH;
    static final AppId DEFENDER = AppId.of("fc780465-2017-40d4-a0c5-307022471b92");
    static final UUID GRAPH_ROLE = UUID.fromString("df021288-bdef-4463-88db-98f22de89214");
    static final UUID DEFENDER_ROLE = UUID.fromString("ea8291d3-4b9a-44b5-bc3a-6cea3026dc79");
    static final RequiredPermissionSet REQUIRED = RequiredPermissionSet.builder("app")
            .application(GRAPH, GRAPH_ROLE.toString())
            .delegated(GRAPH, "User.Read.All")
            .application(DEFENDER, DEFENDER_ROLE.toString())
            .delegated(DEFENDER, "Machine.Read")
            .build();
    static final List<String> BOOTSTRAP = List.of(
            "AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All");
    static final RefreshOptions NIGHTLY = RefreshOptions.defaults().withPriority(Priority.NIGHTLY);

    final FakeTenantDirectory directory = FakeTenantDirectory.offering(REQUIRED);
    final FakeTenant tenant = directory.tenant(TENANT);
    final RefreshJournal journal = new InMemoryRefreshJournal();
    final ManualClock clock = new ManualClock(Instant.parse("2026-11-01T00:00:00Z"));
    final RecordingListener listener = new RecordingListener();
    final CpvClient client = client(directory);

    CpvClient client(TenantDirectory other) {
        return builder(other).build();
    }

    CpvClient.Builder builder(TenantDirectory other) {
        return builder(other, journal);
    }

    CpvClient.Builder builder(TenantDirectory other, RefreshJournal remembers) {
        return CpvClient.builder(other, REQUIRED)
                .journal(remembers)
                .clock(clock)
                .sleeper(clock)
                .addListener(listener);
    }

    /** Consented, and granted nothing but the scopes that cpv needs itself. */
    Fixture consented() {
        tenant.consent().grantScopes(GRAPH, BOOTSTRAP.toArray(String[]::new));
        return this;
    }

    /** Everything that is required is there. */
    Fixture inSync() {
        tenant.consent()
                .grantAppRole(GRAPH, GRAPH_ROLE)
                .grantAppRole(DEFENDER, DEFENDER_ROLE)
                .grantScopes(DEFENDER, "Machine.Read")
                .grantScopes(GRAPH, BOOTSTRAP.get(0), BOOTSTRAP.get(1), BOOTSTRAP.get(2), "User.Read.All");
        return this;
    }

    List<FakeTenantDirectory.Call.Kind> calls() {
        return directory.calls(TENANT).stream()
                .map(FakeTenantDirectory.Call::kind)
                .toList();
    }

    /** The steps that were handed to the directory, a list for each call. */
    List<List<Step>> writes() {
        return directory.calls(TENANT).stream()
                .map(FakeTenantDirectory.Call::steps)
                .filter(steps -> !steps.isEmpty())
                .toList();
    }

    static CpvFailure failure(FailureCode code) {
        return CpvFailure.of(code, "On purpose");
    }

    static PlanStep assign(AppId resource, UUID role) {
        return new PlanStep.AssignAppRole(resource, role);
    }

    /** Its looks do not tell what resources publish: that has to be asked for. */
    static class Undefined extends PassingDirectory {
        Undefined(TenantDirectory directory) {
            super(directory);
        }

        @Override
        protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
            ObservedTenant seen = super.observe(session, context, resources);
            List<ObservedResource> plain = seen.resources().values().stream()
                    .map(Undefined::withoutDefinition)
                    .toList();
            if (seen.visibility() == Visibility.NOT_CONSENTED) {
                return ObservedTenant.notConsented(
                        seen.tenant(), seen.route(), seen.cause().orElseThrow(), plain);
            }
            ObservedTenant.Builder shown = ObservedTenant.builder(seen.tenant(), seen.route());
            plain.forEach(shown::resource);
            seen.appRoles().forEach(shown::appRole);
            seen.grants().forEach(shown::grant);
            return shown.build();
        }

        private static ObservedResource withoutDefinition(ObservedResource resource) {
            AppId id = resource.id();
            return switch (resource.presence()) {
                case PRESENT -> ObservedResource.present(id, resource.displayName(), resource.enabled(), null);
                case ABSENT, NOT_CREATABLE -> ObservedResource.absent(id, resource.displayName(), null);
                case UNKNOWN -> ObservedResource.unknown(id, resource.displayName(), null);
            };
        }
    }
}
