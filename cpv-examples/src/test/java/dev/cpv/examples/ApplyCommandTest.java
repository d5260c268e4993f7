package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.examples.SimulatedPartner.Outcome;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplyCommandTest {
    @TempDir
    Path home = Path.of("");

    private SimulatedPartner partner;
    private SimulatedTenant drifted;
    private SimulatedTenant consentless;

    @BeforeEach
    void start() {
        partner = new SimulatedPartner(home);
        drifted = partner.inSync("Alpha").removeScopes(ResourceCatalog.GRAPH, Set.of("User.Read.All"));
        consentless = partner.neverConsented("Beta");
    }

    @AfterEach
    void stop() {
        partner.close();
    }

    @Test
    void anApprovedPlanIsApplied() throws IOException {
        Set<String> required = partner.holdings(partner.inSync("Gamma"));
        Path plans = Files.writeString(home.resolve("plans.json"), dryRun());

        Outcome run = partner.cpv("apply", plans.toString(), "--json");

        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.outcome(drifted)).isEqualTo("UPDATED");
        assertThat(run.outcome(consentless)).isEqualTo("UPDATED");
        assertThat(partner.holdings(drifted)).isEqualTo(required);
        assertThat(partner.holdings(consentless)).isEqualTo(required);
    }

    @Test
    void aBarePlanIsTakenFromStandardInput() {
        String plan = partner.cpv("refresh", drifted.id(), "--dry-run", "--json")
                .json(drifted)
                .path("plan")
                .toPrettyString();

        Outcome run = partner.cpvWithInput(plan, "apply", "-");

        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.out()).contains(drifted.id() + "  UPDATED");
    }

    /** A scope is what the plan does; the value of an app role and the name of a resource are what its approver reads. */
    @ParameterizedTest
    @ValueSource(strings = {"scopes\":\\[[^]]*?\"", "appRole\":\"", "resource\":\""})
    void anEditedPlanIsRefusedAndNothingIsApplied(String before) {
        String printed = dryRun();
        String edited = printed.replaceFirst("(\"plan\":[^\n]*?\"" + before + ")[^\"]+\"", "$1Mail.ReadWrite\"");
        assertThat(edited).isNotEqualTo(printed);
        int requests = partner.requests();

        Outcome run = partner.cpvWithInput(edited, "apply", "-");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("cpv: Standard input, line ")
                .contains("was changed since it was printed");
        assertThat(partner.requests()).isEqualTo(requests);
    }

    @Test
    void aTenantThatChangedSinceIsLeftAlone() {
        String plans = dryRun();
        drifted.removeAppRole(ResourceCatalog.EXCHANGE, "Exchange.ManageAsApp");
        Set<String> before = partner.holdings(drifted);

        Outcome run = partner.cpvWithInput(plans, "apply", "-", "--json");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.json(drifted).path("failure").path("code").asText()).isEqualTo("PLAN_STALE");
        assertThat(partner.holdings(drifted)).isEqualTo(before);
        assertThat(run.outcome(consentless)).isEqualTo("UPDATED");
    }

    @Test
    void aTenantWithoutPlanIsLeftOutAndToldOf() {
        SimulatedTenant disabled =
                partner.inSync("Gamma").enableServicePrincipal(partner.credentials.clientId(), false);
        String plans = partner.cpv("refresh", drifted.id(), disabled.id(), "--dry-run", "--json")
                .out();

        Outcome run = partner.cpvWithInput(plans, "apply", "-", "--json");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.json()).hasSize(1);
        assertThat(run.outcome(drifted)).isEqualTo("UPDATED");
        assertThat(run.err()).contains("skipping " + disabled.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "{\"outcome\":", "[]", "{\"tenantId\":\"x\"}", "42"})
    void whatIsNoPlanIsRefused(String text) {
        Outcome run = partner.cpvWithInput(text, "apply", "-");

        assertThat(run.status()).as(run.toString()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().startsWith("cpv: Standard input");
        assertThat(partner.requests()).isZero();
    }

    @Test
    void twoPlansForOneTenantAreRefusedUnlessTheyAreTheSame() {
        String one = partner.cpv("refresh", drifted.id(), "--dry-run", "--json").out();
        String other = partner.cpv("refresh", drifted.id(), "--dry-run", "--json", "--revoke-extras")
                .out();

        Outcome different = partner.cpvWithInput(one + other, "apply", "-");
        Outcome same = partner.cpvWithInput(one + one, "apply", "-", "--json");

        assertThat(different.status()).isEqualTo(2);
        assertThat(different.err()).contains("two plans for tenant " + drifted.id());
        assertThat(same.status()).as(same.toString()).isZero();
        assertThat(same.json()).hasSize(1);
    }

    @Test
    void aPlanInTheLineOfAnotherTenantIsRefused() {
        String line = partner.cpv("refresh", drifted.id(), "--dry-run", "--json")
                .out()
                .replaceFirst(drifted.id(), consentless.id());

        Outcome run = partner.cpvWithInput(line, "apply", "-");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("another tenant");
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        Outcome run = partner.cpv("apply", home.resolve("missing.json").toString());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("cannot be read");
    }

    private String dryRun() {
        Outcome run = partner.cpv("refresh", drifted.id(), consentless.id(), "--dry-run", "--json");
        assertThat(run.status()).as(run.toString()).isZero();
        return run.out();
    }
}
