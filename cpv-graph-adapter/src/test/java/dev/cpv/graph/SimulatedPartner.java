package dev.cpv.graph;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.model.AppId;
import dev.cpv.model.PermissionType;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.testing.ManualClock;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** A partner with an application, over real HTTP against the simulator, with time that moves instead of waiting. */
final class SimulatedPartner implements AutoCloseable {
    final ManualClock time = new ManualClock(Instant.parse("2026-11-20T00:00:00Z"));
    final MicrosoftSimulator simulator;
    final RequiredPermissionSet required = RequiredPermissionSet.fromManifestJson("manifest", Fixtures.manifest());
    final GraphTenantDirectory directory;
    final CpvClient client;

    private final UnaryOperator<GraphTenantDirectory.Builder> settings;

    SimulatedPartner() {
        this(builder -> builder);
    }

    SimulatedPartner(UnaryOperator<GraphTenantDirectory.Builder> settings) {
        this.settings = settings;
        simulator = MicrosoftSimulator.builder().seed(20261120).clock(time).build();
        directory = directory();
        client = client(directory);
    }

    GraphTenantDirectory directory() {
        return settings.apply(
                        Directories.over(simulator, simulator.credentials().refreshToken())
                                .clock(time)
                                .sleeper(time))
                .build();
    }

    MicrosoftCloud cloud() {
        return MicrosoftCloud.GLOBAL
                .withLoginUrl(URI.create(simulator.loginUrl()))
                .withPartnerCenterUrl(URI.create(simulator.partnerCenterUrl()))
                .withGraphUrl(URI.create(simulator.graphUrl()));
    }

    CpvClient client(GraphTenantDirectory over) {
        return CpvClient.builder(over, required).clock(time).sleeper(time).build();
    }

    /** Partner tokens and definitions are at hand afterwards, as the budgets have it; the journal is empty. */
    SimulatedPartner warm() {
        CpvResult result = client.refresh(simulator.addCustomer("First").id());
        if (!result.outcome().isInSync()) {
            throw new AssertionError("The warm-up failed: " + result);
        }
        simulator.journal().clear();
        return this;
    }

    CpvResult refresh(SimulatedTenant tenant) {
        return client.refresh(TenantId.of(tenant.id()));
    }

    String clientId() {
        return simulator.credentials().clientId();
    }

    /** The required app roles by resource, as a customer tenant has to hold them. */
    Map<String, Set<String>> requiredAppRoles() {
        Map<String, Set<String>> roles = new TreeMap<>();
        for (RequiredPermission permission : required.permissions()) {
            if (permission.type() == PermissionType.APPLICATION) {
                roles.computeIfAbsent(permission.resource().toString(), r -> new TreeSet<>())
                        .add(permission.id());
            }
        }
        return roles;
    }

    /** The required scopes by resource, by name, as a customer tenant has to hold them. */
    Map<String, Set<String>> requiredScopes() {
        Map<String, Set<String>> scopes = new TreeMap<>();
        for (RequiredPermission permission : required.permissions()) {
            if (permission.type() == PermissionType.DELEGATED
                    && !permission.resource().equals(AppId.PARTNER_CENTER)) {
                String value = simulator
                        .catalog()
                        .resource(permission.resource().toString())
                        .flatMap(resource -> resource.scope(permission.id()))
                        .map(ResourceCatalog.Permission::value)
                        .orElse(permission.id());
                scopes.computeIfAbsent(permission.resource().toString(), r -> new TreeSet<>())
                        .add(value);
            }
        }
        return scopes;
    }

    @Override
    public void close() {
        directory.close();
        simulator.close();
    }
}
