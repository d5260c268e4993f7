package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.examples.SimulatedPartner.Outcome;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResetCommandTest {
    private static final String GROUP = "5e000000-0000-4000-8000-00000000000a";
    private static final String DIRECTORY_READERS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";

    @TempDir
    Path home = Path.of("");

    private SimulatedPartner partner;

    @BeforeEach
    void start() {
        partner = new SimulatedPartner(home);
    }

    @AfterEach
    void stop() {
        partner.close();
    }

    @Test
    void R19_withoutYesItTellsWhatGoesAndTouchesNothing() {
        SimulatedTenant tenant = partner.inSync("Alpha").addToGroup(GROUP).assignDirectoryRole(DIRECTORY_READERS);
        Set<String> before = partner.holdings(tenant);

        Outcome run = partner.cpv("reset", tenant.id());

        assertThat(run.status()).as(run.toString()).isEqualTo(2);
        assertThat(run.out())
                .contains("Tenant " + tenant.id() + ": reset")
                .contains("removed: the service principal with 70 app roles")
                .contains("restored: directory role " + DIRECTORY_READERS);
        assertThat(run.err()).contains("nothing was changed. Give --yes to reset.");
        assertThat(partner.writes(tenant)).isZero();
        assertThat(partner.holdings(tenant)).isEqualTo(before);
    }

    @Test
    void theQuestionNamesTenantResourcesAndPermissions() {
        SimulatedTenant tenant = partner.inSync("Alpha").grantScopes(ResourceCatalog.GRAPH, Set.of("Notes.Read"));
        String domain = tenant.domains().get(0);

        Outcome run = partner.cpv("reset", domain, "--revoke-extras");

        assertThat(run.out())
                .contains("Tenant " + domain + " (" + tenant.id() + "): reset")
                .containsPattern("Office 365 Exchange Online \\(" + ResourceCatalog.EXCHANGE
                        + "\\): app roles? .*Exchange\\.ManageAsApp")
                .contains("lost: scope Notes.Read of Microsoft Graph (" + ResourceCatalog.GRAPH + ")");
    }

    @Test
    void R19_withYesTheTenantHasAfterwardsWhatItHad() {
        SimulatedTenant tenant = partner.inSync("Alpha").grantScopes(ResourceCatalog.GRAPH, Set.of("Extra.Read"));
        Set<String> before = partner.holdings(tenant);
        String old = partner.principal(tenant);

        Outcome run = partner.cpv("reset", tenant.id(), "--yes", "--json");

        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.outcome(tenant)).isEqualTo("UPDATED");
        assertThat(partner.holdings(tenant)).isEqualTo(before);
        assertThat(partner.principal(tenant)).isNotEqualTo(old);
        assertThat(partner.cpv("refresh", tenant.id(), "--json").outcome(tenant))
                .isEqualTo("UP_TO_DATE");
    }

    @Test
    void R19_underRevokeExtrasOnlyTheManifestComesBack() {
        SimulatedTenant plain = partner.inSync("Beta");
        SimulatedTenant tenant = partner.inSync("Alpha").grantScopes(ResourceCatalog.GRAPH, Set.of("Extra.Read"));

        Outcome plans = partner.cpv("reset", tenant.id(), "--revoke-extras", "--json");
        Outcome run = partner.cpv("reset", tenant.id(), "--revoke-extras", "--yes", "--json");

        assertThat(plans.out()).contains("scope Extra.Read of");
        assertThat(run.outcome(tenant)).isEqualTo("UPDATED");
        assertThat(partner.holdings(tenant)).isEqualTo(partner.holdings(plain));
    }

    @Test
    void R20_removalThatIsRefusedIsToldAndChangesNothing() {
        SimulatedTenant tenant = partner.inSync("Alpha");
        Set<String> before = partner.holdings(tenant);
        String old = partner.principal(tenant);
        partner.microsoft
                .faults()
                .on(tenant.id(), Endpoint.CONSENT_DELETE)
                .respond(
                        403,
                        Map.of("Content-Type", "application/json"),
                        "{\"code\":\"900150\",\"description\":\"The supplied role does not have the rights\"}");

        Outcome run = partner.cpv("reset", tenant.id(), "--yes", "--json");

        assertThat(run.status()).as(run.toString()).isEqualTo(1);
        assertThat(run.outcome(tenant)).isEqualTo("PARTIAL");
        assertThat(run.json(tenant).path("failure").path("remediation").asText())
                .contains("AdminAgents");
        assertThat(partner.holdings(tenant)).isEqualTo(before);
        assertThat(partner.principal(tenant)).isEqualTo(old);
    }

    @Test
    void aTenantThatCannotBeFoundIsTold() {
        Outcome plans = partner.cpv("reset", "nowhere.example");
        Outcome run = partner.cpv("reset", "nowhere.example", "--yes", "--json");

        assertThat(plans.status()).isEqualTo(2);
        assertThat(plans.err()).contains("nowhere.example could not be read");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).contains("TENANT_NOT_RESOLVED");
    }
}
