package dev.cpv.examples;

import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.Unavailability;
import dev.cpv.model.RefreshOutcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Customers of a simulated partner, one for each common situation, and the outcome that a refresh of each must have. */
final class DemoFleet {
    private final MicrosoftSimulator microsoft;
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final Map<String, RefreshOutcome> expected = new LinkedHashMap<>();

    DemoFleet(MicrosoftSimulator microsoft) {
        this.microsoft = microsoft;
        String app = microsoft.credentials().clientId();
        add("Adatum, never consented", RefreshOutcome.UPDATED);
        add("Blue Yonder, in sync", RefreshOutcome.UP_TO_DATE).granted(Fixtures.manifest());
        add("Contoso, one scope lost", RefreshOutcome.UPDATED)
                .granted(Fixtures.manifest())
                .removeScopes(ResourceCatalog.GRAPH, Set.of("User.Read.All"));
        add("Fabrikam, no Defender licence", RefreshOutcome.UPDATED)
                .consented(SimulatedTenant.BOOTSTRAP_SCOPES)
                .withoutResource(ResourceCatalog.DEFENDER, Unavailability.NO_BACKING_APPLICATION);
        add("Litware, consent shows late", RefreshOutcome.UPDATED)
                .behaviour()
                .consentTokenDelay(Duration.ofSeconds(20))
                .consentGraphDelay(Duration.ofSeconds(40));
        add("Northwind, has extra permissions", RefreshOutcome.UP_TO_DATE)
                .granted(Fixtures.manifest())
                .grantScopes(ResourceCatalog.GRAPH, Set.of("Tasks.Read", "Notes.Read"));
        add("Proseware, two grants for Graph", RefreshOutcome.UPDATED)
                .granted(Fixtures.manifest())
                .duplicateGrant(ResourceCatalog.GRAPH, Set.of("User.Read.All", "Mail.Send"));
        add("Tailspin, app disabled", RefreshOutcome.FAILED)
                .granted(Fixtures.manifest())
                .enableServicePrincipal(app, false);
    }

    private SimulatedTenant add(String label, RefreshOutcome outcome) {
        SimulatedTenant tenant = microsoft.addCustomer(label.substring(0, label.indexOf(',')));
        labels.put(tenant.id(), label);
        expected.put(tenant.id(), outcome);
        return tenant;
    }

    List<String> tenants() {
        return List.copyOf(labels.keySet());
    }

    Map<String, String> labels() {
        return Map.copyOf(labels);
    }

    /** The outcome that the first refresh of a tenant must have. */
    RefreshOutcome expected(String tenant) {
        return expected.getOrDefault(tenant, RefreshOutcome.FAILED);
    }

    /** The outcome that the second refresh must have: repaired tenants are in sync, and failures that need a person remain. */
    RefreshOutcome expectedAgain(String tenant) {
        return expected(tenant).isInSync() ? RefreshOutcome.UP_TO_DATE : expected(tenant);
    }
}
