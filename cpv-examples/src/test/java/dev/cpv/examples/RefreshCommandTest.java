package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.examples.SimulatedPartner.Outcome;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.GdapRelationship;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedCertificate;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.Unavailability;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RefreshCommandTest {
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
    void allTenantsAreBroughtInSyncAndToldAsJson() {
        SimulatedTenant inSync = partner.inSync("Alpha");
        SimulatedTenant neverConsented = partner.neverConsented("Beta");
        SimulatedTenant nothingGranted = partner.nothingGranted("Gamma");
        Set<String> required = partner.holdings(inSync);

        Outcome run = partner.cpv("refresh", neverConsented.id(), nothingGranted.id(), inSync.id(), "--json");

        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.json()).hasSize(3);
        assertThat(run.outcome(neverConsented)).isEqualTo("UPDATED");
        assertThat(run.outcome(nothingGranted)).isEqualTo("UPDATED");
        assertThat(run.outcome(inSync)).isEqualTo("UP_TO_DATE");
        assertThat(partner.holdings(neverConsented)).isEqualTo(required);
        assertThat(partner.holdings(nothingGranted)).isEqualTo(required);
        assertThat(partner.holdings(inSync)).isEqualTo(required);
        assertThat(run.err()).contains("3/3 ", "3 tenants: 1 UP_TO_DATE, 2 UPDATED");
    }

    @Test
    void theTableTellsWhatWasAppliedWhatIsNotApplicableAndWhatToDo() {
        SimulatedTenant drifted = partner.inSync("Alpha").removeScopes(ResourceCatalog.GRAPH, Set.of("User.Read.All"));
        SimulatedTenant unlicensed = partner.nothingGranted("Beta")
                .withoutResource(ResourceCatalog.DEFENDER, Unavailability.NO_BACKING_APPLICATION);
        SimulatedTenant disabled =
                partner.inSync("Gamma").enableServicePrincipal(partner.credentials.clientId(), false);

        Outcome run = partner.cpv("refresh", drifted.id(), unlicensed.id(), disabled.id(), "--concurrency", "1");

        assertThat(run.status()).as(run.toString()).isEqualTo(1);
        assertThat(run.out().lines().filter(line -> !line.startsWith(" ")))
                .extracting(line -> line.replaceAll(" +", " ").replaceAll(" [0-9.]+ s$", ""))
                .satisfiesExactly(
                        header -> assertThat(header).startsWith("TENANT OUTCOME ADDED THERE N/A OPEN REQUESTS TIME"),
                        row -> assertThat(row).startsWith(drifted.id() + " UPDATED 1 "),
                        row -> assertThat(row).startsWith(unlicensed.id() + " UPDATED "),
                        row -> assertThat(row).startsWith(disabled.id() + " FAILED 0 "),
                        blank -> assertThat(blank).isEmpty(),
                        note -> assertThat(note).startsWith("Not applicable (N/A) to any customer"),
                        tally -> assertThat(tally).startsWith("3 tenants: 2 UPDATED, 1 FAILED; "));
        String text = run.out().replaceAll("\\s+", " ");
        assertThat(text)
                .contains("added: Microsoft Graph: scope User.Read.All")
                .contains("not applicable: WindowsDefenderATP is not available in this tenant")
                .contains("(1 app role and 1 scope)")
                .contains("to any customer: Microsoft Partner Center is for the partner tenant only.")
                .contains("failed: APP_DISABLED_BY_CUSTOMER: AADSTS7000112: ")
                .contains("to do: Customer: Enable sign-in for the partner's enterprise application");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void R28_aRevokedRefreshTokenStopsTheRun() {
        SimulatedTenant first = partner.inSync("Alpha");
        SimulatedTenant second = partner.inSync("Beta");
        partner.microsoft.partner().behaviour().refuseTokens(50173);
        first.behaviour().refuseTokens(50173);
        second.behaviour().refuseTokens(50173);

        Outcome run = partner.cpv("refresh", first.id(), second.id(), "--json", "--concurrency", "1");

        assertThat(run.status()).as(run.toString()).isEqualTo(1);
        assertThat(run.outcome(first)).isEqualTo("FAILED");
        assertThat(run.json(first).path("failure").path("scope").asText()).isEqualTo("PARTNER");
        assertThat(run.outcome(second)).isEqualTo("NOT_ATTEMPTED");
        assertThat(partner.microsoft.journal().requests(second.id())).isEmpty();
        assertThat(run.err()).contains("cpv: the run stopped: REFRESH_TOKEN_REVOKED", "To do: ");
    }

    // --all

    @Test
    void allCustomersAreRefreshedAndThoseLeftOutAreToldWhy() {
        SimulatedTenant neverConsented = partner.neverConsented("Alpha");
        SimulatedTenant inSync = partner.inSync("Beta");
        SimulatedTenant ended = partner.inSync("Gamma").relationshipStatus(GdapRelationship.Status.TERMINATED);
        SimulatedTenant excluded = partner.nothingGranted("Delta");
        partner.later(Duration.ofHours(1));
        partner.state().save(exclusion(excluded));

        Outcome run = partner.cpv("refresh", "--all", "--json");

        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.json()).hasSize(4);
        assertThat(run.outcome(neverConsented)).isEqualTo("UPDATED");
        assertThat(run.outcome(inSync)).isEqualTo("UP_TO_DATE");
        assertThat(run.outcome(ended)).isEqualTo("SKIPPED");
        assertThat(run.json(ended).path("failure").path("code").asText()).isEqualTo("DELEGATED_ADMIN_ENDED");
        assertThat(run.outcome(excluded)).isEqualTo("SKIPPED");
        assertThat(run.json(excluded).path("failure").path("message").asText()).contains("ann", "Leaves us");
        assertThat(run.err()).contains("4/4 ", "4 tenants: 1 UP_TO_DATE, 1 UPDATED, 2 SKIPPED");
    }

    @Test
    void theTableOfAllSaysSkippedAndWhy() {
        SimulatedTenant ended = partner.inSync("Gamma").relationshipStatus(GdapRelationship.Status.TERMINATED);
        partner.later(Duration.ofHours(1));
        partner.terminal = true;

        Outcome run = partner.cpv("refresh", "--all");

        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.out()).contains(ended.id(), "skipped: DELEGATED_ADMIN_ENDED: ", "to do: ");
        assertThat(run.err()).contains("Tenants").endsWith("\r\u001b[K");
    }

    @Test
    void aDryRunOfAllPrintsPlansThatApplyTakesAndRemembersNoRun() {
        SimulatedTenant drifted = partner.inSync("Alpha").removeScopes(ResourceCatalog.GRAPH, Set.of("User.Read.All"));
        SimulatedTenant ended = partner.inSync("Beta").relationshipStatus(GdapRelationship.Status.TERMINATED);
        partner.later(Duration.ofHours(1));

        Outcome dry = partner.cpv("refresh", "--all", "--dry-run", "--json");
        long writes = partner.writes(drifted);
        boolean remembered = partner.state().lastRun().isPresent();
        Outcome applied = partner.cpvWithInput(dry.out(), "apply", "-", "--json");

        assertThat(dry.status()).as(dry.toString()).isZero();
        assertThat(dry.outcome(drifted)).isEqualTo("DRIFTED");
        assertThat(dry.outcome(ended)).isEqualTo("SKIPPED");
        assertThat(writes).isZero();
        assertThat(remembered).isFalse();
        assertThat(applied.status()).as(applied.toString()).isZero();
        assertThat(applied.json()).hasSize(1);
        assertThat(applied.outcome(drifted)).isEqualTo("UPDATED");
    }

    @Test
    void R28_withoutAListThereIsAnAlarmAndExitStatus1() {
        SimulatedTenant tenant = partner.inSync("Alpha");
        partner.microsoft.partner().behaviour().refuseTokens(50173);

        Outcome run = partner.cpv("refresh", "--all", "--json");

        assertThat(run.status()).as(run.toString()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("cpv: the run stopped: REFRESH_TOKEN_REVOKED");
        assertThat(partner.microsoft.journal().requests(tenant.id())).isEmpty();
    }

    @Test
    void R31_aListThatShrankStopsTheRunUnlessThatIsAllowed() {
        List<SimulatedTenant> tenants = partner.fleet(6);
        Outcome first = partner.cpv("refresh", "--all", "--json");
        tenants.subList(0, 4).forEach(tenant -> tenant.relationshipStatus(GdapRelationship.Status.TERMINATED));

        Outcome stopped = partner.cpv("refresh", "--all", "--json");
        Outcome allowed = partner.cpv("refresh", "--all", "--json", "--allow-shrinking");

        assertThat(first.status()).as(first.toString()).isZero();
        assertThat(stopped.status()).isEqualTo(1);
        assertThat(stopped.err()).contains("cpv: the run stopped: CATALOG_SHRANK");
        assertThat(allowed.status()).as(allowed.toString()).isZero();
        assertThat(allowed.err()).contains("2 UP_TO_DATE, 4 SKIPPED");
    }

    @Test
    void R35_aRunThatWouldTakeAwayTooMuchStopsUnlessThatIsAllowed() {
        List<SimulatedTenant> tenants = partner.fleet(22);
        Outcome first = partner.cpv("refresh", "--all", "--json");
        tenants.forEach(tenant -> tenant.grantScopes(ResourceCatalog.GRAPH, Set.of("Notes.Read")));

        Outcome stopped = partner.cpv("refresh", "--all", "--revoke-extras", "--json");
        Outcome allowed = partner.cpv("refresh", "--all", "--revoke-extras", "--json", "--allow-mass-change");

        assertThat(first.status()).as(first.toString()).isZero();
        assertThat(stopped.status()).isEqualTo(1);
        assertThat(stopped.err()).contains("cpv: the run stopped: RUN_CHANGES_TOO_MUCH");
        assertThat(allowed.status()).as(allowed.toString()).isZero();
        assertThat(allowed.err()).contains("22 tenants: 22 UPDATED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--allow-shrinking", "--allow-mass-change"})
    void whatIsForAllTenantsIsRefusedForNamedOnes(String option) {
        Outcome run = partner.cpv("refresh", partner.inSync("Alpha").id(), option);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(option, "--all");
        assertThat(partner.requests()).isZero();
    }

    @Test
    void tenantsBesideAllAreRefused() {
        Outcome run = partner.cpv("refresh", partner.inSync("Alpha").id(), "--all");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("Give --all or tenants, not both");
        assertThat(partner.requests()).isZero();
    }

    @Test
    void aCloudWithoutAListIsRefused() {
        partner.environment.put("CPV_CLOUD", "china");

        Outcome run = partner.cpv("refresh", "--all");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().startsWith("cpv: CPV_CLOUD ");
    }

    @Test
    void R30_aNamedTenantIsRefreshedInQuarantineButNotIfExcluded() {
        SimulatedTenant failing = partner.inSync("Alpha").enableServicePrincipal(partner.credentials.clientId(), false);
        SimulatedTenant excluded = partner.nothingGranted("Beta");
        SimulatedTenant included = partner.nothingGranted("Gamma");
        partner.state().save(exclusion(excluded));
        partner.state().save(TenantRule.include(TenantId.of(included.id()), "Ours", "ann", partner.clock.instant()));
        for (int i = 0; i < 5; i++) {
            partner.cpv("refresh", failing.id());
        }
        partner.later(Duration.ofHours(1));
        Outcome all = partner.cpv("refresh", "--all", "--json");
        failing.enableServicePrincipal(partner.credentials.clientId(), true);

        Outcome run = partner.cpv("refresh", excluded.id(), failing.id(), "--json");

        assertThat(all.json(failing).path("failure").path("code").asText()).isEqualTo("QUARANTINED");
        assertThat(all.outcome(included)).isEqualTo("UPDATED");
        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.json()).as("nobody else, though a rule includes one").hasSize(2);
        assertThat(run.outcome(failing)).isEqualTo("UP_TO_DATE");
        assertThat(run.outcome(excluded)).isEqualTo("SKIPPED");
        assertThat(partner.writes(excluded)).isZero();
    }

    @Test
    void namedTenantsLeaveTheListAndTheLastRunAlone() {
        List<SimulatedTenant> tenants = partner.fleet(6);
        partner.cpv("refresh", "--all");
        Object run = partner.state().lastRun();
        Object accepted = partner.state().acceptedList();
        partner.later(Duration.ofHours(1));

        Outcome named = partner.cpv("refresh", tenants.get(0).id());

        assertThat(named.status()).as(named.toString()).isZero();
        assertThat(partner.state().lastRun()).isEqualTo(run);
        assertThat(partner.state().acceptedList()).isEqualTo(accepted);
    }

    @Test
    void ctrlCEndsTheRunInOrderAndTheNextOneGoesOn() {
        partner.fleet(8);
        partner.microsoft.faults().onAny(Endpoint.BATCH).nth(4).hold(partner::stopCommand);

        Outcome stopped = partner.cpv("refresh", "--all", "--json", "--concurrency", "1");
        Outcome again = partner.cpv("refresh", "--all", "--json", "--concurrency", "1");
        Outcome third = partner.cpv("refresh", "--all", "--json");

        assertThat(stopped.status()).isEqualTo(1);
        assertThat(stopped.json()).hasSize(8);
        Map<String, List<String>> outcomes = stopped.byOutcome();
        assertThat(outcomes.keySet()).isSubsetOf("UP_TO_DATE", "CANCELLED", "NOT_ATTEMPTED");
        List<String> done = outcomes.getOrDefault("UP_TO_DATE", List.of());
        assertThat(done).isNotEmpty().hasSizeLessThan(8);
        assertThat(again.status()).as(again.toString()).isZero();
        assertThat(again.err()).contains("cpv: resuming the run of ", "8 UP_TO_DATE, " + done.size() + " of them");
        assertThat(again.byOutcome().get("UP_TO_DATE")).hasSize(8 - done.size()).doesNotContainAnyElementsOf(done);
        assertThat(third.json()).as("nothing was left").hasSize(8);
    }

    @Test
    void anInterruptedRunIsNotGoneOnWithWhereExtrasAreRevoked() {
        partner.fleet(3);
        partner.state().save(RunRecord.begun(new UUID(1, 1), partner.clock.instant()));

        Outcome run = partner.cpv("refresh", "--all", "--revoke-extras", "--json");

        assertThat(run.err()).doesNotContain("goes on");
        assertThat(partner.state().lastRun().orElseThrow().id()).isNotEqualTo(new UUID(1, 1));
    }

    @Test
    void anExclusionThatCannotBeReadStopsTheCommand() throws IOException {
        SimulatedTenant tenant = partner.nothingGranted("Alpha");
        partner.state().save(exclusion(tenant));
        Files.writeString(home.resolve(".cpv/fleet/rules.json"), "{");

        Outcome run = partner.cpv("refresh", tenant.id());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("cpv: ")
                .contains("rules.json");
        assertThat(partner.writes(tenant)).isZero();
    }

    private TenantRule exclusion(SimulatedTenant tenant) {
        return TenantRule.exclude(TenantId.of(tenant.id()), "Leaves us", "ann", partner.clock.instant());
    }

    // Names

    @Test
    void aTenantNamedTwiceIsDoneOnce() {
        SimulatedTenant tenant = partner.nothingGranted("Alpha");
        String domain = tenant.domains().get(0);

        Outcome run = partner.cpv(
                "refresh",
                tenant.id(),
                tenant.id().toUpperCase(Locale.ROOT),
                domain,
                domain.toUpperCase(Locale.ROOT),
                "--json");

        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.json()).hasSize(1);
        assertThat(run.outcome(tenant)).isEqualTo("UPDATED");
    }

    @Test
    void aDomainThatNoTenantHasIsAFailureOfThatTenant() {
        Outcome run = partner.cpv("refresh", "nobody.example", "--json");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.json().get(0).path("tenantId").asText()).isEqualTo("nobody.example");
        assertThat(run.json().get(0).path("failure").path("code").asText()).isEqualTo("TENANT_NOT_RESOLVED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contoso", "0b7d5f4e-0000", "../etc", "contoso com"})
    void whatIsNeitherGuidNorDomainIsRefusedBeforeAnythingIsSent(String name) {
        SimulatedTenant tenant = partner.nothingGranted("Alpha");

        Outcome run = partner.cpv("refresh", tenant.id(), name);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).singleElement().asString().startsWith("cpv: '" + name + "' is neither");
        assertThat(partner.requests()).isZero();
    }

    @Test
    void aDryRunPrintsThePlanAndWritesNothing() {
        SimulatedTenant tenant =
                partner.inSync("Alpha").removeAppRole(ResourceCatalog.EXCHANGE, "Exchange.ManageAsApp");
        Set<String> before = partner.holdings(tenant);

        Outcome run = partner.cpv("refresh", tenant.id(), "--dry-run");

        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.out())
                .contains("DRIFTED")
                .contains("would do: 1 step")
                .containsPattern(
                        "- assign app role Exchange\\.ManageAsApp \\([0-9a-f-]{36}\\) of Office 365 Exchange Online"
                                + "\\s+\\(" + ResourceCatalog.EXCHANGE + "\\)");
        assertThat(partner.holdings(tenant)).isEqualTo(before);
        assertThat(partner.writes(tenant)).isZero();
    }

    @Test
    void aPlanHasTheTenantsNameFromTheCatalogElseTheDomainThatWasGiven() {
        SimulatedTenant tenant = partner.inSync("Alpha");
        partner.later(Duration.ofHours(1));
        tenant.removeAppRole(ResourceCatalog.EXCHANGE, "Exchange.ManageAsApp");
        String domain = tenant.domains().get(0);

        Outcome all = partner.cpv("refresh", "--all", "--dry-run", "--json");
        Outcome named = partner.cpv("refresh", tenant.id(), domain, "--dry-run", "--json");
        Outcome table = partner.cpv("refresh", domain, "--dry-run");

        assertThat(all.json(tenant).at("/plan/tenant").asText()).isEqualTo("Alpha");
        assertThat(named.json(tenant).at("/plan/tenant").asText()).isEqualTo(domain);
        assertThat(table.out()).contains("would do in " + domain + ": 1 step");
    }

    @Test
    void R10_extrasAreKeptAndReportedUnlessTheirRevocationIsAskedFor() {
        SimulatedTenant tenant = partner.inSync("Alpha");
        Set<String> required = partner.holdings(tenant);
        tenant.grantScopes(ResourceCatalog.GRAPH, Set.of("Notes.Read"));

        Outcome kept = partner.cpv("refresh", tenant.id());
        boolean stillThere = partner.holdings(tenant).contains(ResourceCatalog.GRAPH + " scope Notes.Read");
        Outcome revoked = partner.cpv("refresh", tenant.id(), "--revoke-extras");

        assertThat(kept.out()).contains("UP_TO_DATE", "extra, kept: Microsoft Graph: scope Notes.Read");
        assertThat(stillThere).isTrue();
        assertThat(revoked.out()).contains("UPDATED", "extra, revoked: Microsoft Graph: scope Notes.Read");
        assertThat(partner.holdings(tenant)).isEqualTo(required);
    }

    @Test
    void R6_theConsentWaitIsTheOneThatIsSet() {
        SimulatedTenant tenant = partner.neverConsented("Alpha");
        tenant.behaviour().consentTokenDelay(Duration.ofMinutes(10));
        partner.environment.put("CPV_CONSENT_WAIT", "7");
        Instant begun = partner.clock.instant();

        Outcome run = partner.cpv("refresh", tenant.id(), "--json");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.json(tenant).path("failure").path("code").asText()).isEqualTo("CONSENT_NOT_VISIBLE_YET");
        assertThat(Duration.between(begun, partner.clock.instant())).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void R34_aTenantThatAnotherProcessWorksOnIsBusy() {
        SimulatedTenant tenant = partner.inSync("Alpha");
        Path state = home.resolve("state");
        partner.environment.put("CPV_STATE_DIR", state.toString());
        RefreshJournal journal = FileRefreshJournal.open(state.resolve("journal"));
        assertThat(journal.acquire(
                        TenantId.of(tenant.id()), "nightly@host", partner.clock.instant(), Duration.ofMinutes(10)))
                .isPresent();

        Outcome run = partner.cpv("refresh", tenant.id(), "--json");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.json(tenant).path("failure").path("code").asText()).isEqualTo("TENANT_BUSY");
        assertThat(run.json(tenant).path("failure").path("message").asText()).contains("nightly@host");
    }

    @Test
    void R22_theRotatedRefreshTokenIsTakenByTheNextRun() {
        SimulatedTenant tenant = partner.inSync("Alpha");
        partner.environment.put("CPV_STATE_DIR", home.resolve("state").toString());
        Outcome first = partner.cpv("refresh", tenant.id());
        partner.environment.remove("CPV_REFRESH_TOKEN");

        Outcome second = partner.cpv("refresh", tenant.id());

        assertThat(first.status()).as(first.toString()).isZero();
        assertThat(second.status()).as(second.toString()).isZero();
        assertThat(home.resolve("state").resolve("refresh-token"))
                .content()
                .doesNotContain(partner.credentials.refreshToken());
    }

    @Test
    void aCertificateWorksInPlaceOfTheSecret() throws IOException {
        SimulatedTenant tenant = partner.nothingGranted("Alpha");
        SimulatedCertificate certificate = SimulatedCertificate.selfSigned("cpv", partner.clock.instant());
        certificate.writePkcs12(home.resolve("client.p12"), "pass word");
        // The library that signs the assertion uses the system's clock.
        partner.microsoft
                .app()
                .credentialPropagation(Duration.ZERO)
                .assertionTimeChecked(false)
                .addCertificate(certificate.certificate());
        partner.environment.remove("CPV_CLIENT_SECRET");
        partner.environment.put(
                "CPV_CLIENT_CERTIFICATE", home.resolve("client.p12").toString());
        partner.environment.put("CPV_CLIENT_CERTIFICATE_PASSWORD", "pass word");

        Outcome run = partner.cpv("refresh", tenant.id(), "--json");

        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.outcome(tenant)).isEqualTo("UPDATED");
    }

    @Test
    void aWrongSettingIsOneLineAndExitStatus2() {
        partner.environment.put("CPV_MANIFEST", home.resolve("missing.json").toString());

        Outcome run = partner.cpv("refresh", partner.inSync("Alpha").id());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().startsWith("cpv: CPV_MANIFEST ");
        assertThat(run.out()).isEmpty();
        assertThat(partner.requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--concurrency=0", "--concurrency=65", "--concurrency=many", "--no-such-option"})
    void aWrongOptionIsExitStatus2(String option) {
        Outcome run = partner.cpv("refresh", partner.inSync("Alpha").id(), option);

        assertThat(run.status()).isEqualTo(2);
        assertThat(partner.requests()).isZero();
    }

    @Test
    void withoutTenantOrCommandTheUsageIsToldAndTheExitStatusIs2() {
        assertThat(partner.cpv("refresh").status()).isEqualTo(2);
        assertThat(partner.cpv().status()).isEqualTo(2);
        assertThat(partner.cpv("weekly").status()).isEqualTo(2);
        assertThat(partner.cpv("refresh").err().lines())
                .containsExactly("cpv: Give at least one TENANT, or --all", "Try 'cpv refresh --help'.");
        assertThat(partner.cpv("weekly").err().lines())
                .containsExactly("cpv: 'weekly' is not a command", "Try 'cpv --help'.");
        assertThat(partner.cpv("demo", "weekly").err()).contains("'weekly' is one argument too many");
    }

    @Test
    void helpListsEverySetting() {
        Outcome run = partner.cpv("--help");

        assertThat(run.status()).isZero();
        for (Setting setting : Setting.values()) {
            assertThat(run.out()).contains(setting.variable());
            assertThat(partner.cpv("refresh", "--help").out()).contains(setting.variable());
        }
        assertThat(partner.cpv("--version").out()).startsWith("cpv ");
        assertThat(partner.cpv("refresh", "--version").out()).startsWith("cpv ");
    }

    @Test
    void aTerminalHasColoursAndABarThatLeavesTheTableWhole() {
        SimulatedTenant tenant = partner.inSync("Alpha");
        partner.terminal = true;

        Outcome run = partner.cpv("refresh", tenant.id());

        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.out().lines()).anyMatch(line -> line.startsWith(tenant.id() + "  \u001b[32mUP_TO_DATE"));
        assertThat(run.out()).doesNotContain("Tenants");
        assertThat(run.err()).contains("Tenants").endsWith("\r\u001b[K");
    }

    @Test
    void R23_noSecretIsPrinted() {
        SimulatedTenant disabled =
                partner.inSync("Alpha").enableServicePrincipal(partner.credentials.clientId(), false);

        Outcome run = partner.cpv(
                "refresh", disabled.id(), partner.neverConsented("Beta").id(), "--json");

        assertThat(run.out() + run.err())
                .doesNotContain(partner.credentials.clientSecret(), partner.credentials.refreshToken(), "eyJ");
    }
}
