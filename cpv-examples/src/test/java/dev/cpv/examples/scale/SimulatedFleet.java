package dev.cpv.examples.scale;

import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedServicePrincipal;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.WireJournal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Many customers of a simulated partner, what happens to them between two nights, and what the simulator observed of a night. */
final class SimulatedFleet {
    /** What can happen to a tenant, with the share of each kind. */
    enum Kind {
        IN_STEP,
        /** 10 %: lost a scope. */
        DRIFTED,
        /** 10 %: the first batch is refused with 429. */
        THROTTLED,
        /** 1 %: an administrator disabled the application. */
        SWITCHED_OFF,
        /** 1 %: Conditional Access refuses the service account. */
        BLOCKED,
        /** A further 5 %: never consented. */
        NEW
    }

    private static final int CONDITIONAL_ACCESS = 53003;

    private final MicrosoftSimulator microsoft;
    private final String app;
    private final Map<SimulatedTenant, Kind> kinds = new LinkedHashMap<>();

    /** Adds customers in sync. */
    SimulatedFleet(MicrosoftSimulator microsoft, int tenants) {
        this.microsoft = microsoft;
        app = microsoft.app().appId();
        for (int i = 0; i < tenants; i++) {
            kinds.put(microsoft.addCustomer("Customer " + i).granted(Fixtures.manifest()), Kind.IN_STEP);
        }
    }

    /** Applies what happens between two nights, to each kind its share. Before that, all are in sync. */
    void change() {
        List<SimulatedTenant> before = List.copyOf(kinds.keySet());
        for (int i = 0; i < before.size(); i++) {
            change(before.get(i), kind(i % 100));
        }
        for (int i = 0; i < before.size() / 20; i++) {
            kinds.put(microsoft.addCustomer("Newcomer " + i), Kind.NEW);
        }
    }

    private static Kind kind(int percent) {
        if (percent < 10) {
            return Kind.DRIFTED;
        }
        if (percent < 20) {
            return Kind.THROTTLED;
        }
        return percent == 20 ? Kind.SWITCHED_OFF : percent == 21 ? Kind.BLOCKED : Kind.IN_STEP;
    }

    private void change(SimulatedTenant tenant, Kind kind) {
        kinds.put(tenant, kind);
        switch (kind) {
            case DRIFTED -> drift(tenant);
            case THROTTLED -> throttle(tenant);
            case SWITCHED_OFF -> tenant.enableServicePrincipal(app, false);
            case BLOCKED -> tenant.behaviour().refuseTokens(CONDITIONAL_ACCESS);
            case IN_STEP, NEW -> {}
        }
    }

    /** Makes the same tenants drift again, and throttles the same ones. */
    void changeAgain() {
        kinds.forEach((tenant, kind) -> {
            if (kind == Kind.DRIFTED) {
                drift(tenant);
            } else if (kind == Kind.THROTTLED) {
                throttle(tenant);
            }
        });
    }

    private static void drift(SimulatedTenant tenant) {
        tenant.removeScopes(ResourceCatalog.GRAPH, Set.of("User.Read.All"));
    }

    private void throttle(SimulatedTenant tenant) {
        microsoft.faults().on(tenant.id(), Endpoint.BATCH).respond(429, Map.of("Retry-After", "1"), "");
    }

    /** What the simulator observed since the last call, and the state of each tenant now. */
    List<Truth> truths() {
        Map<String, List<WireJournal.Entry>> seen = microsoft.journal().requests().stream()
                .filter(entry -> entry.tenantId() != null)
                .collect(Collectors.groupingBy(entry -> String.valueOf(entry.tenantId())));
        microsoft.journal().clear();
        Set<String> whole = whole();
        List<Truth> truths = new ArrayList<>();
        kinds.forEach(
                (tenant, kind) -> truths.add(truth(tenant, kind, whole, seen.getOrDefault(tenant.id(), List.of()))));
        return truths;
    }

    /** The permissions of a tenant to which nothing happens. */
    private Set<String> whole() {
        return kinds.entrySet().stream()
                .filter(entry -> entry.getValue() == Kind.IN_STEP)
                .map(Map.Entry::getKey)
                .findFirst()
                .map(this::holdings)
                .orElseThrow();
    }

    private Truth truth(SimulatedTenant tenant, Kind kind, Set<String> whole, List<WireJournal.Entry> seen) {
        List<WireJournal.Entry> tokens = seen.stream()
                .filter(entry -> entry.endpoint() == Endpoint.TOKEN_REFRESH)
                .toList();
        boolean enabled = tenant.servicePrincipal(app)
                .filter(SimulatedServicePrincipal::enabled)
                .isPresent();
        boolean let = tokens.stream().anyMatch(token -> token.status() == 200);
        return new Truth(
                tenant.id(),
                kind,
                enabled && let,
                holdings(tenant).containsAll(whole),
                tokens.size(),
                Math.toIntExact(
                        seen.stream().filter(entry -> entry.status() == 429).count()),
                writes(seen));
    }

    private static int writes(Collection<WireJournal.Entry> seen) {
        long alone = seen.stream()
                .filter(entry -> entry.endpoint() == Endpoint.GRAPH_WRITE || entry.endpoint() == Endpoint.CONSENT_POST)
                .count();
        long parts = seen.stream()
                .flatMap(entry -> entry.parts().stream())
                .filter(WireJournal.Part::write)
                .count();
        return Math.toIntExact(alone + parts);
    }

    private Set<String> holdings(SimulatedTenant tenant) {
        Set<String> all = new HashSet<>();
        tenant.grantedAppRoles(app).forEach((resource, roles) -> roles.forEach(role -> all.add(resource + " " + role)));
        tenant.grantedScopes(app)
                .forEach((resource, scopes) -> scopes.forEach(scope -> all.add(resource + " " + scope)));
        return all;
    }
}
