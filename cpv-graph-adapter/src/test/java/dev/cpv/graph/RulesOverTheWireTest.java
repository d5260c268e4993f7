package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome.Status;
import dev.cpv.RefreshListener;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.GraphErrorBody;
import dev.cpv.graph.simulator.MissingConsent;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedGrant;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.Unavailability;
import dev.cpv.graph.simulator.WireJournal;
import dev.cpv.graph.simulator.WireRequest;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.Notice;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Remediation;
import dev.cpv.model.Step;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantRecord;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the design that only the wire can show. Lost answers, retries and foreign hosts have tests of their own. */
class RulesOverTheWireTest extends OverTheWire {
    private static final String EXCHANGE = ResourceCatalog.EXCHANGE;
    private static final String USER_READ_ALL = "User.Read.All";
    private static final String SOMEBODY = "0e0e0e0e-0000-4000-8000-000000000001";
    private static final RefreshOptions REVOKE = RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE);
    private static final RefreshOptions NIGHTLY = RefreshOptions.defaults().withPriority(Priority.NIGHTLY);

    // Consent

    @Test
    void R4_looksFirstAndDoesNotConsentWhereATokenIsIssued() {
        SimulatedTenant tenant = consented("Consented");

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isZero();
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AADSTS65001", "AADSTS90099", "AADSTS700016"})
    void R4_consentsWhereTheTokenEndpointSaysThatConsentIsMissing(String refusal) {
        SimulatedTenant tenant = partner.simulator.addCustomer("Never consented");
        tenant.behaviour().missingConsent(MissingConsent.valueOf(refusal));

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isEqualTo(1);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R4_ownPrincipalNotFoundAndTokenRefusedMeansConsent() {
        SimulatedTenant tenant = inSync("Deleted the app");
        refresh(tenant);
        forget();
        tenant.deleteServicePrincipal(partner.clientId());

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(sent(tenant).stream().limit(4).map(WireJournal.Entry::endpoint))
                .containsExactly(Endpoint.BATCH, Endpoint.TOKEN_REFRESH, Endpoint.CONSENT_POST, Endpoint.TOKEN_REFRESH);
        assertThat(sent(tenant).get(1).status()).as("the token is refused").isEqualTo(400);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void R4_anIdentityThatGraphNoLongerKnowsMeansConsentToo(int status) {
        SimulatedTenant tenant = inSync("Deleted the app");
        tenant.behaviour().userTokensOutliveApp(false).identityNotFoundStatus(status);
        refresh(tenant);
        forget();
        tenant.deleteServicePrincipal(partner.clientId());

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isEqualTo(1);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R4_ownPrincipalNotFoundAndTokenIssuedMeansLag() {
        SimulatedTenant tenant = inSync("Behind");
        refresh(tenant);
        forget();
        partner.simulator
                .faults()
                .onPart(tenant.id(), "GET", "/servicePrincipals(appId=")
                .times(3)
                .respond(404, JSON, graphError("Request_ResourceNotFound", "Resource 'x' does not exist"));

        assertOutcome(refresh(tenant), RefreshOutcome.UP_TO_DATE);

        assertNothingWritten(tenant);
        assertThat(sent(tenant).stream().map(WireJournal.Entry::endpoint))
                .containsExactly(Endpoint.BATCH, Endpoint.TOKEN_REFRESH, Endpoint.TOKEN_REFRESH, Endpoint.BATCH);
    }

    @Test
    void R5_consentIsOneResourceWithItsScopesAndOneRequestIdForAllTries() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Try again");
        List<WireRequest> seen = new CopyOnWriteArrayList<>();
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.CONSENT_POST)
                .when(seen::add)
                .times(2)
                .respond(500, JSON, "{\"code\":\"0\",\"description\":\"Try again\",\"source\":\"PartnerFD\"}");

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(seen).hasSize(3);
        assertThat(seen.stream().map(request -> request.header("MS-RequestId")).distinct())
                .hasSize(1);
        assertThat(seen).allSatisfy(request -> {
            assertThat(request.header("ValidateMfa")).contains("true");
            assertThat(request.body())
                    .containsOnlyOnce("enterpriseApplicationId")
                    .contains("AppRoleAssignment.ReadWrite.All, Application.ReadWrite.All,"
                            + " DelegatedPermissionGrant.ReadWrite.All");
        });
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R5_aConsentThatCannotMendItselfIsToldWithTheCure() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Too little").consented(Set.of("User.Read"));

        CpvFailure failure = assertFailed(
                refresh(tenant), FailureCode.BOOTSTRAP_SCOPES_MISSING, FailureScope.TENANT, Remediation.Party.PARTNER);

        assertThat(failure.remediation().action()).contains("Reset");
        assertNothingWritten(tenant);
        assertThat(scopes(tenant, ResourceCatalog.GRAPH)).containsExactly("User.Read");
    }

    @Test
    void R5_aConsentThatCanMendItselfIsMendedFirst() {
        SimulatedTenant tenant = partner.simulator
                .addCustomer("Just enough")
                .consented(Set.of("DelegatedPermissionGrant.ReadWrite.All", "Application.Read.All"));

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isZero();
        assertThat(writes(tenant).get(0)).matches(part -> isWrite(part, "PATCH", GRANTS));
        assertThat(writes(tenant)).noneMatch(part -> part.status() == 403);
    }

    @Test
    void R6_eachFurtherLookForAPrincipalThatLagsCostsTwoRequests() {
        int withoutLag = refresh(partner.simulator.addCustomer("At once")).requests();
        SimulatedTenant tenant = partner.simulator.addCustomer("Graph lags");
        tenant.behaviour().consentGraphDelay(Duration.ofSeconds(10));

        List<Duration> sleeps = sleepsDuring(() -> {
            CpvResult result = refresh(tenant);
            assertOutcome(result, RefreshOutcome.UPDATED);
            assertThat(result.requests())
                    .isEqualTo(withoutLag + 4 * 2)
                    .isEqualTo(sent(tenant).size());
        });

        assertThat(sleeps).isEqualTo(seconds(1, 2, 4, 8));
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R6_eachFurtherLookForATokenThatLagsCostsOneRequest() {
        int withoutLag = refresh(partner.simulator.addCustomer("At once")).requests();
        SimulatedTenant tenant = partner.simulator.addCustomer("Entra lags");
        tenant.behaviour().consentTokenDelay(Duration.ofSeconds(10));

        List<Duration> sleeps = sleepsDuring(() -> {
            CpvResult result = refresh(tenant);
            assertOutcome(result, RefreshOutcome.UPDATED);
            assertThat(result.requests())
                    .isEqualTo(withoutLag + 4)
                    .isEqualTo(sent(tenant).size());
        });

        assertThat(sleeps).isEqualTo(seconds(1, 2, 4, 8));
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R6_looksALastTimeAtTheBound() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Never effective");
        tenant.behaviour().consentWithoutEffect(true);

        List<Duration> sleeps = sleepsDuring(() -> assertFailed(
                refresh(tenant), FailureCode.CONSENT_NOT_VISIBLE_YET, FailureScope.TENANT, Remediation.Party.NOBODY));

        assertThat(sleeps).isEqualTo(seconds(1, 2, 4, 8, 16, 30, 30, 30, 30, 29));
        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isEqualTo(1);
        assertThat(sent(tenant, Endpoint.TOKEN_REFRESH))
                .as("before consent, at once, after each pause")
                .isEqualTo(12);
    }

    @Test
    void R6_aFleetLooksOnceAndDoesNotWait() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Of a fleet");
        tenant.behaviour().consentGraphDelay(Duration.ofSeconds(10));
        RefreshOptions fleet = RefreshOptions.defaults().withConsentWait(Duration.ZERO);

        List<Duration> sleeps = sleepsDuring(() -> assertFailed(
                refresh(tenant, fleet),
                FailureCode.CONSENT_NOT_VISIBLE_YET,
                FailureScope.TENANT,
                Remediation.Party.NOBODY));

        assertThat(sleeps).isEmpty();
        partner.time.advance(Duration.ofMinutes(1));
        assertOutcome(refresh(tenant, fleet), RefreshOutcome.UPDATED);
        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isEqualTo(1);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R6_anEntryThatExistsAlreadyIsNoProof() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Said to exist");
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.CONSENT_POST)
                .respond(409, JSON, "{\"code\":\"2000\",\"description\":\"Permission entry already exists.\"}");

        assertFailed(
                refresh(tenant), FailureCode.CONSENT_NOT_VISIBLE_YET, FailureScope.TENANT, Remediation.Party.NOBODY);
    }

    @Test
    void R7_thePartnerTenantIsNeverConsentedAndKeepsItsPartnerCenterPermission() {
        SimulatedTenant own = partner.simulator.partner();

        CpvResult result = refresh(own);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertThat(sent(own, Endpoint.CONSENT_POST)).isZero();
        assertThat(result.count(Status.NOT_APPLICABLE)).isZero();
        assertThat(scopes(own, ResourceCatalog.PARTNER_CENTER)).containsExactly("user_impersonation");
        assertThat(roles(own, EXCHANGE)).isEqualTo(partner.requiredAppRoles().get(EXCHANGE));

        own.removeScopes(ResourceCatalog.PARTNER_CENTER, Set.of("user_impersonation"));
        assertOutcome(refresh(own), RefreshOutcome.UPDATED);
        assertThat(scopes(own, ResourceCatalog.PARTNER_CENTER)).containsExactly("user_impersonation");
    }

    @Test
    void R7_aPartnerTenantWithoutItsOwnConsentIsNotConsentedThroughPartnerCenter() {
        SimulatedTenant own = partner.simulator.partner().deleteServicePrincipal(partner.clientId());

        assertFailed(
                refresh(own), FailureCode.PARTNER_APP_NOT_CONSENTED, FailureScope.PARTNER, Remediation.Party.PARTNER);

        assertThat(sent(own, Endpoint.CONSENT_POST)).isZero();
        assertThat(own.servicePrincipal(partner.clientId())).isEmpty();
    }

    @Test
    void R7_aDirectTenantIsRefreshedWithItsOwnTokenAndNeverConsentedThroughPartnerCenter() {
        SimulatedTenant direct =
                inSync("Direct").withoutRelationships().removeScopes(EXCHANGE, Set.of("Exchange.Manage"));
        SimulatedTenant bare = partner.simulator.addCustomer("Direct and bare").withoutRelationships();
        try (GraphTenantDirectory directory = Directories.over(
                        partner.simulator, partner.simulator.credentials().refreshToken())
                .directTenant(id(direct), RefreshTokenStore.inMemory(direct.signInAdministrator()))
                .directTenant(id(bare), RefreshTokenStore.inMemory(bare.signInAdministrator()))
                .clock(partner.time)
                .sleeper(partner.time)
                .build()) {
            CpvClient client = partner.client(directory);

            assertOutcome(checked(direct, client.refresh(id(direct))), RefreshOutcome.UPDATED);
            assertHoldsExactlyTheRequiredSet(direct);
            CpvFailure failure = assertFailed(
                    checked(bare, client.refresh(id(bare))),
                    FailureCode.CONSENT_ROUTE,
                    FailureScope.TENANT,
                    Remediation.Party.CUSTOMER);
            assertThat(failure.remediation().action())
                    .contains("https://login.microsoftonline.com/" + bare.id() + "/adminconsent?client_id="
                            + partner.clientId());
        }
        assertThat(partner.simulator.journal().count(Endpoint.CONSENT_POST)).isZero();
        assertNothingWritten(bare);
    }

    // Application permissions

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void R8_aRoleThatExistsAlreadyIsAlreadySo(boolean otherWording) {
        SimulatedTenant tenant = inSync("Assignments not listed");
        tenant.behaviour().entitlementGrantWording(otherWording);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "GET", "/appRoleAssignments")
                .respond(200, JSON, "{\"value\":[]}");

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UP_TO_DATE);
        assertThat(result.count(Status.GRANTED)).isZero();
        assertThat(writes(tenant)).hasSize(70).allMatch(part -> part.status() == 400);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R10_anExtraOnAResourceOutsideTheSetCostsOneRequestAndIsKept() {
        SimulatedTenant tenant = consented("More than Exchange")
                .assignAppRole(ResourceCatalog.SHAREPOINT, "Sites.FullControl.All")
                .grantScopes(ResourceCatalog.DEFENDER, Set.of("Vulnerability.Read"));
        requiredOf(EXCHANGE).permissions().forEach(permission -> seed(tenant, permission.id()));
        CpvClient client = needing(requiredOf(EXCHANGE));

        CpvResult result = client.refresh(id(tenant));

        assertOutcome(result, RefreshOutcome.UP_TO_DATE);
        assertThat(result.requests()).isEqualTo(3).isEqualTo(sent(tenant).size());
        assertThat(result.extras())
                .extracting(extra -> extra.resource() + " " + extra.value())
                .containsExactlyInAnyOrder(
                        ResourceCatalog.SHAREPOINT + " Sites.FullControl.All",
                        ResourceCatalog.DEFENDER + " Vulnerability.Read");
        assertNothingWritten(tenant);

        CpvResult revoked = client.refresh(id(tenant), REVOKE);

        assertOutcome(revoked, RefreshOutcome.UPDATED);
        assertThat(revoked.extras()).allMatch(extra -> extra.revoked());
        assertThat(tenant.grantedAppRoles(partner.clientId())).containsOnlyKeys(EXCHANGE);
        assertThat(tenant.grantedScopes(partner.clientId())).containsOnlyKeys(EXCHANGE, ResourceCatalog.GRAPH);
        assertThat(writes(tenant)).extracting(WireJournal.Part::method).containsExactly("DELETE", "DELETE");
    }

    private void seed(SimulatedTenant tenant, String permission) {
        ResourceCatalog.Resource exchange =
                partner.simulator.catalog().resource(EXCHANGE).orElseThrow();
        exchange.appRole(permission).ifPresent(role -> tenant.assignAppRole(EXCHANGE, role.id()));
        exchange.scope(permission).ifPresent(scope -> tenant.grantScopes(EXCHANGE, Set.of(scope.value())));
    }

    @Test
    void R10_revokingTakesExactlyTheExtras() {
        SimulatedTenant tenant = inSync("Extras here and there")
                .assignAppRole(ResourceCatalog.GRAPH, "Application.ReadWrite.OwnedBy")
                .grantScopes(ResourceCatalog.GRAPH, Set.of("Mail.Read", "Notes.ReadWrite.All"))
                .grantScopes(EXCHANGE, Set.of("EWS.AccessAsUser.All"))
                .userGrant(SOMEBODY, ResourceCatalog.GRAPH, Set.of("Mail.Read"));

        CpvResult result = refresh(tenant, REVOKE);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertThat(result.extras()).hasSize(4).allMatch(extra -> extra.revoked());
        assertThat(tenant.grantedAppRoles(partner.clientId())).isEqualTo(partner.requiredAppRoles());
        assertThat(tenant.grantedScopes(partner.clientId())).isEqualTo(partner.requiredScopes());
        assertThat(writes(tenant)).hasSize(3);
        assertThat(usersGrants(tenant)).containsExactly("Mail.Read");
    }

    // Delegated permissions

    @Test
    void R11_usersGrantsAreNeitherReadAsOursNorChangedNorDeleted() {
        SimulatedTenant tenant = inSync("With users")
                .removeScopes(ResourceCatalog.GRAPH, Set.of(USER_READ_ALL))
                .userGrant(SOMEBODY, ResourceCatalog.GRAPH, Set.of(USER_READ_ALL, "Notes.ReadWrite.All"));

        CpvResult result = refresh(tenant, REVOKE);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertThat(result.count(Status.GRANTED)).isEqualTo(1);
        assertThat(result.extras()).isEmpty();
        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(usersGrants(tenant)).containsExactly("Notes.ReadWrite.All User.Read.All");
        assertThat(writes(tenant)).hasSize(1);
    }

    private List<String> usersGrants(SimulatedTenant tenant) {
        return tenant.grants(partner.clientId()).stream()
                .filter(grant -> !grant.tenantWide())
                .map(SimulatedGrant::scope)
                .toList();
    }

    @Test
    void R12_blanksAndOrderAreNoDrift() {
        SimulatedTenant tenant = inSync("Odd blanks")
                .scopeString(EXCHANGE, "  MailboxSettings.ReadWrite   Exchange.Manage\tCalendars.ReadWrite.All ");

        assertOutcome(refresh(tenant), RefreshOutcome.UP_TO_DATE);
        assertNothingWritten(tenant);
    }

    @Test
    void R12_aDifferenceInCaseAloneIsRewrittenOnceInThePublishedSpelling() {
        SimulatedTenant tenant = inSync("Odd case")
                .scopeString(EXCHANGE, "exchange.manage MAILBOXSETTINGS.READWRITE Calendars.ReadWrite.All");

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);
        assertThat(writes(tenant)).hasSize(1);
        assertHoldsExactlyTheRequiredSet(tenant);

        forget();
        assertOutcome(refresh(tenant), RefreshOutcome.UP_TO_DATE);
        assertNothingWritten(tenant);
    }

    @Test
    void R12_keepWritesTheUnionAndTheBodyIsTheScopeAlone() {
        SimulatedTenant tenant =
                inSync("Union").scopeString(EXCHANGE, "Exchange.Manage EWS.AccessAsUser.All Calendars.ReadWrite.All");
        List<String> bodies = new CopyOnWriteArrayList<>();
        partner.simulator
                .faults()
                .onPart(tenant.id(), "PATCH", GRANTS)
                .when(seen(bodies))
                .respond(500);

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(bodies)
                .containsExactly("{\"scope\":\"Calendars.ReadWrite.All EWS.AccessAsUser.All Exchange.Manage"
                        + " MailboxSettings.ReadWrite\"}");
        assertThat(scopes(tenant, EXCHANGE)).contains("EWS.AccessAsUser.All", "MailboxSettings.ReadWrite");
    }

    /** Writes bodies down and lets the request pass. */
    private static Predicate<WireRequest> seen(List<String> bodies) {
        return request -> {
            bodies.add(request.body());
            return false;
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 400})
    void R12_aGrantThatSomebodyMadeMeanwhileIsPatchedWithTheUnion(int status) {
        SimulatedTenant tenant = consented("Two at once");
        tenant.behaviour().duplicateGrantStatus(status);
        CpvClient client = builder(requiredOf(EXCHANGE))
                .addListener(
                        onPlan(() -> tenant.grantScopes(EXCHANGE, Set.of("EWS.AccessAsUser.All", "Exchange.Manage"))))
                .build();

        CpvResult result = client.refresh(id(tenant));

        assertOutcome(result, RefreshOutcome.UPDATED);
        Set<String> union = new TreeSet<>(partner.requiredScopes().get(EXCHANGE));
        union.add("EWS.AccessAsUser.All");
        assertThat(scopes(tenant, EXCHANGE)).isEqualTo(union);
        assertThat(grantsOn(tenant, EXCHANGE)).hasSize(1);
        assertThat(writes(tenant, "POST", GRANTS)).isEqualTo(1);
        assertThat(writes(tenant, "PATCH", GRANTS)).isEqualTo(1);
    }

    private static RefreshListener onPlan(Runnable work) {
        return new RefreshListener() {
            private boolean done;

            @Override
            public void planned(RefreshContext context, CpvRefreshPlan plan) {
                if (!done) {
                    done = true;
                    work.run();
                }
            }
        };
    }

    @Test
    void R13_theSurvivorHoldsTheUnionBeforeAnotherGrantIsDeleted() {
        SimulatedTenant tenant = inSync("Three grants")
                .duplicateGrant(EXCHANGE, Set.of("EWS.AccessAsUser.All"))
                .duplicateGrant(EXCHANGE, Set.of("Exchange.Manage", "Tasks.Read"));

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UPDATED);
        Set<String> union = new TreeSet<>(partner.requiredScopes().get(EXCHANGE));
        union.addAll(Set.of("EWS.AccessAsUser.All", "Tasks.Read"));
        assertThat(scopes(tenant, EXCHANGE)).isEqualTo(union);
        assertThat(grantsOn(tenant, EXCHANGE)).hasSize(1);
        assertThat(batches(tenant)).containsExactly("GET", "PATCH", "DELETE", "DELETE");
    }

    @Test
    void R13_nothingIsDeletedWhereTheSurvivorCouldNotBePatched() {
        SimulatedTenant tenant = inSync("Two grants").duplicateGrant(EXCHANGE, Set.of("EWS.AccessAsUser.All"));
        partner.simulator
                .faults()
                .onPart(tenant.id(), "PATCH", GRANTS)
                .respond(400, JSON, graphError("Request_BadRequest", "Not today"));

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(writes(tenant)).extracting(WireJournal.Part::method).containsExactly("PATCH");
        assertThat(grantsOn(tenant, EXCHANGE)).hasSize(2);
    }

    @Test
    void R13_nothingIsDeletedWhereTheUnionDoesNotFit() {
        SimulatedTenant tenant = inSync("Two long grants").duplicateGrant(EXCHANGE, Set.of("x".repeat(3800)));

        CpvResult result = refresh(tenant);

        assertThat(writes(tenant)).isEmpty();
        assertThat(grantsOn(tenant, EXCHANGE)).hasSize(2);
        assertThat(result.count(Status.GRANTED)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"3850, true", "3851, false"})
    void R14_aScopeStringUpTo3850CharactersIsSentAndALongerOneNever(int length, boolean fits) {
        String needed = "Calendars.ReadWrite.All Exchange.Manage MailboxSettings.ReadWrite";
        String filler = "x".repeat(length - needed.length() - 1);
        SimulatedTenant tenant = inSync("At the limit")
                .scopeString(EXCHANGE, "Calendars.ReadWrite.All Exchange.Manage " + filler)
                .removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);

        CpvResult result = refresh(tenant);

        assertThat(writes(tenant, "PATCH", GRANTS)).isEqualTo(fits ? 1 : 0);
        assertThat(writes(tenant, "POST", ROLES)).as("other resources go on").isEqualTo(1);
        assertThat(scopes(tenant, EXCHANGE)).contains(filler);
        assertThat(grantsOn(tenant, EXCHANGE).get(0).scope().length())
                .isEqualTo(fits ? length : length - 1 - "MailboxSettings.ReadWrite".length());
        if (fits) {
            assertOutcome(result, RefreshOutcome.UPDATED);
        } else {
            assertOutcome(result, RefreshOutcome.PARTIAL);
            assertThat(missed(result))
                    .containsExactly(Map.entry(EXCHANGE + " MailboxSettings.ReadWrite", FailureCode.SCOPE_TOO_LONG));
            assertThat(result.permissions().stream().flatMap(p -> p.failure().stream()))
                    .filteredOn(failure -> failure.code() == FailureCode.SCOPE_TOO_LONG)
                    .isNotEmpty()
                    .allMatch(failure -> failure.message().contains("extras that could be removed: xxx"));
        }
    }

    @Test
    void R14_onlyRevokeDropsTheExtrasThatAreInTheWay() {
        SimulatedTenant tenant = inSync("Revoked").scopeString(EXCHANGE, "Exchange.Manage " + "x".repeat(3800));

        assertOutcome(refresh(tenant, REVOKE), RefreshOutcome.UPDATED);

        assertHoldsExactlyTheRequiredSet(tenant);
    }

    // Resources

    @Test
    void R15_aMissingResourceIsCreatedForOneMoreRequest() {
        SimulatedTenant tenant = inSync("Without Exchange").withoutServicePrincipal(EXCHANGE);

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertThat(result.requests()).isEqualTo(4).isEqualTo(sent(tenant).size());
        assertThat(batches(tenant)).containsExactly("GET", "POST", "POST");
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R15_onlyResourcesThatAPermissionNeedsAreCreated() {
        SimulatedTenant tenant = consented("Needs Exchange alone")
                .withoutServicePrincipal(EXCHANGE)
                .withoutServicePrincipal(ResourceCatalog.DEFENDER);

        assertOutcome(needing(requiredOf(EXCHANGE)).refresh(id(tenant)), RefreshOutcome.UPDATED);

        assertThat(tenant.servicePrincipal(EXCHANGE)).isPresent();
        assertThat(tenant.servicePrincipal(ResourceCatalog.DEFENDER)).isEmpty();
        assertThat(tenant.servicePrincipal(ResourceCatalog.PARTNER_CENTER)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"NO_BACKING_APPLICATION, 1", "INTERNAL_ERROR, 3"})
    void R15_aResourceThatCannotBeHadIsNotApplicableAndBlocksNothing(Unavailability how, int posts) {
        SimulatedTenant tenant =
                partner.simulator.addCustomer("No Defender").withoutResource(ResourceCatalog.DEFENDER, how);

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertThat(result.notices())
                .extracting(Notice::code, Notice::resource)
                .containsExactly(tuple(FailureCode.RESOURCE_NOT_AVAILABLE, AppId.of(ResourceCatalog.DEFENDER)));
        assertThat(writes(tenant).stream().filter(part -> part.url().endsWith("/servicePrincipals")))
                .hasSize(posts);
        assertThat(roles(tenant, ResourceCatalog.GRAPH))
                .isEqualTo(partner.requiredAppRoles().get(ResourceCatalog.GRAPH));
        assertThat(scopes(tenant, ResourceCatalog.SHAREPOINT))
                .isEqualTo(partner.requiredScopes().get(ResourceCatalog.SHAREPOINT));
    }

    @Test
    void R15_aForbiddenCreationIsAFailureAndNeverReadAsUnlicensed() {
        SimulatedTenant tenant =
                inSync("Forbidden").withoutResource(ResourceCatalog.DEFENDER, Unavailability.FORBIDDEN);

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(missed(result))
                .containsOnly(
                        Map.entry(
                                ResourceCatalog.DEFENDER + " Vulnerability.Read",
                                FailureCode.DELEGATED_ADMIN_ROLE_MISSING),
                        Map.entry(
                                ResourceCatalog.DEFENDER + " Vulnerability.Read.All",
                                FailureCode.DELEGATED_ADMIN_ROLE_MISSING));
        assertThat(result.notices()).isEmpty();
        assertThat(writes(tenant)).hasSize(1);
    }

    @Test
    void R15_whatCouldNotBeCreatedIsRememberedForAWeekUnlessAPersonAsks() {
        RefreshJournal journal = new InMemoryRefreshJournal();
        CpvClient client = builder(partner.required).journal(journal).build();
        SimulatedTenant tenant =
                inSync("No Defender").withoutResource(ResourceCatalog.DEFENDER, Unavailability.NO_BACKING_APPLICATION);
        assertThat(client.refresh(id(tenant), NIGHTLY).outcome().isInSync()).isTrue();
        assertThat(writes(tenant)).hasSize(1);

        forget();
        assertOutcome(client.refresh(id(tenant), NIGHTLY), RefreshOutcome.UP_TO_DATE);
        assertNothingWritten(tenant);

        assertThat(client.refresh(id(tenant)).outcome().isInSync()).isTrue();
        assertThat(writes(tenant)).as("a person asked").hasSize(1);

        forget();
        partner.time.advance(Duration.ofDays(8));
        tenant.behaviour().available(ResourceCatalog.DEFENDER);
        assertOutcome(client.refresh(id(tenant), NIGHTLY), RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R15_aDisabledResourceIsGrantedAndToldAsANotice() {
        SimulatedTenant tenant =
                partner.simulator.addCustomer("Disabled Exchange").enableServicePrincipal(EXCHANGE, false);

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertThat(result.notices()).extracting(Notice::code).containsExactly(FailureCode.RESOURCE_DISABLED);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    // Truth

    @Test
    void R16_aPreviewWritesNothingAndItsPlanIsAppliedAsItStands() {
        SimulatedTenant tenant = inSync("Previewed")
                .removeScopes(ResourceCatalog.GRAPH, Set.of(USER_READ_ALL))
                .removeAppRole(EXCHANGE, "Exchange.ManageAsApp");

        CpvResult preview = partner.client.preview(id(tenant));

        assertOutcome(preview, RefreshOutcome.DRIFTED);
        assertThat(preview.count(Status.MISSING)).isEqualTo(2);
        assertNothingWritten(tenant);

        CpvRefreshPlan approved = CpvRefreshPlan.fromJson(preview.plan().toJson());
        CpvResult applied = checked(tenant, partner.client.apply(approved));

        assertOutcome(applied, RefreshOutcome.UPDATED);
        assertThat(applied.steps().keySet()).containsExactlyInAnyOrderElementsOf(approved.steps());
        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(writes(tenant)).hasSize(2);
    }

    @Test
    void R16_theApprovedPlanOfATenantWithoutConsentIsCarriedOut() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Previewed before consent");
        CpvResult preview = partner.client.preview(id(tenant));
        assertThat(preview.plan().needsConsent()).isTrue();
        assertNothingWritten(tenant);

        assertOutcome(checked(tenant, partner.client.apply(preview.plan())), RefreshOutcome.UPDATED);

        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R16_aPlanThatTheTenantOutgrewIsStaleAndWritesNothing() {
        SimulatedTenant tenant = inSync("Moved on").removeScopes(ResourceCatalog.GRAPH, Set.of(USER_READ_ALL));
        CpvRefreshPlan approved = partner.client.preview(id(tenant)).plan();
        tenant.removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);

        CpvResult result = checked(tenant, partner.client.apply(approved));

        assertOutcome(result, RefreshOutcome.FAILED);
        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.PLAN_STALE);
        assertNothingWritten(tenant);
    }

    @Test
    void R18_aCancelledRefreshIsNoAttemptAndTheNextOneCompletesTheTenant() {
        RefreshJournal journal = new InMemoryRefreshJournal();
        Cancellation cancellation = new Cancellation();
        CpvClient client = builder(partner.required)
                .journal(journal)
                .addListener(new RefreshListener() {
                    @Override
                    public void stepAnswered(RefreshContext context, Step step, StepResult result) {
                        cancellation.cancel();
                    }
                })
                .build();
        SimulatedTenant tenant = consented("Cancelled");

        CpvResult result = checked(
                tenant, client.refresh(id(tenant), RefreshOptions.defaults().withCancellation(cancellation)));

        assertOutcome(result, RefreshOutcome.CANCELLED);
        assertThat(writes(tenant)).as("one batch and no more").hasSize(20);
        assertThat(result.count(Status.GRANTED)).isPositive();
        assertThat(journal.find(id(tenant))).isEmpty();

        assertOutcome(checked(tenant, client.refresh(id(tenant))), RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(writes(tenant)).as("nothing is written twice").allMatch(part -> part.status() < 300);
    }

    // Tokens

    @Test
    void R21_aTokenOfAnotherTenantIsRefusedBeforeItIsUsed() throws IOException, InterruptedException {
        SimulatedTenant asked = inSync("Asked for");
        SimulatedTenant other = inSync("Another");
        partner.simulator
                .faults()
                .on(asked.id(), Endpoint.TOKEN_REFRESH)
                .always()
                .respond(200, JSON, tokenAnswer(other));
        forget();

        assertFailed(refresh(asked), FailureCode.WRONG_TENANT, FailureScope.TENANT, Remediation.Party.DEVELOPER);

        assertThat(partner.simulator.journal().count(Endpoint.BATCH)).isZero();
    }

    private String tokenAnswer(SimulatedTenant tenant) throws IOException, InterruptedException {
        String form = "client_id=" + partner.clientId()
                + "&grant_type=refresh_token&scope=https://graph.microsoft.com/.default"
                + "&client_secret=" + partner.simulator.credentials().clientSecret() + "&refresh_token="
                + partner.simulator.credentials().refreshToken();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        partner.simulator.loginUrl() + "/" + tenant.id() + "/oauth2/v2.0/token"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void R21_aTokenIsFetchedAgainAfterGrantsChanged() {
        SimulatedTenant tenant = inSync("Changed").removeScopes(ResourceCatalog.GRAPH, Set.of(USER_READ_ALL));
        refresh(tenant);
        refresh(tenant);
        refresh(tenant);

        assertThat(sent(tenant, Endpoint.TOKEN_REFRESH))
                .as("before the change and after it")
                .isEqualTo(2);
    }

    @Test
    void R21_aTokenThatWasRevokedBeforeItsTimeIsReplacedOnce() {
        SimulatedTenant tenant = inSync("Revoked token").removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.BATCH)
                .when(request -> request.body().contains("\"POST\""))
                .respond(401, JSON, graphError("InvalidAuthenticationToken", "Access token has been revoked."));

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(result.requests())
                .as("and not more than one new token and one more batch")
                .isEqualTo(3 + 2);
    }

    @Test
    void R21_aNewTokenThatIsRefusedTooEndsTheTenant() {
        SimulatedTenant tenant = inSync("Refused tokens");
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.BATCH)
                .always()
                .respond(401, JSON, graphError("InvalidAuthenticationToken", "Access token validation failure."));

        assertFailed(refresh(tenant), FailureCode.TOKEN_REFUSED, FailureScope.TENANT, Remediation.Party.PARTNER);

        assertThat(sent(tenant, Endpoint.BATCH)).isEqualTo(2);
        assertThat(sent(tenant, Endpoint.TOKEN_REFRESH)).isEqualTo(2);
    }

    // Failures

    @ParameterizedTest
    @EnumSource(
            value = GraphErrorBody.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HTML", "EMPTY"})
    void R25_whatExistsAlreadyIsUnderstoodInEveryShapeOfAnError(GraphErrorBody shape) {
        SimulatedTenant tenant = inSync("Odd errors");
        tenant.behaviour().graphErrorBody(shape).duplicateGrantStatus(400);
        for (String list : List.of("/appRoleAssignments", GRANTS)) {
            partner.simulator.faults().onPart(tenant.id(), "GET", list).respond(200, JSON, "{\"value\":[]}");
        }

        CpvResult result = refresh(tenant);

        assertThat(result.outcome().isInSync()).as(result.toString()).isTrue();
        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(writes(tenant)).allMatch(part -> part.status() == 400);
    }

    @ParameterizedTest
    @EnumSource(
            value = GraphErrorBody.class,
            names = {"HTML", "EMPTY"})
    void R25_anErrorWithoutWordsIsToldAsWhatItIs(GraphErrorBody shape) {
        SimulatedTenant tenant = inSync("Speechless").removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);
        tenant.behaviour().graphErrorBody(shape);
        // What is refused is that the role exists already, which nobody can tell from such an answer.
        CpvClient client = builder(partner.required)
                .addListener(onPlan(() -> tenant.assignAppRole(ResourceCatalog.GRAPH, USER_READ_ALL)))
                .build();

        CpvResult result = checked(tenant, client.refresh(id(tenant)));

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(missed(result).values())
                .containsExactly(shape == GraphErrorBody.HTML ? FailureCode.ANSWER_UNREADABLE : FailureCode.UNKNOWN);
        assertOutcome(refresh(tenant), RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void R25_aClaimsChallengeIsTheCustomersPolicy() {
        SimulatedTenant tenant = inSync("Challenged");
        tenant.behaviour().claimsChallenge(true);

        assertFailed(
                refresh(tenant),
                FailureCode.EXTRA_AUTHENTICATION_REQUIRED,
                FailureScope.TENANT,
                Remediation.Party.CUSTOMER);

        assertNothingWritten(tenant);
    }

    @Test
    void R17_aListThatCannotBeReadIsNotTakenForAnEmptyOne() {
        SimulatedTenant tenant = consented("Unreadable list");
        partner.simulator
                .faults()
                .onPart(tenant.id(), "GET", "/servicePrincipals")
                .when(part -> part.path().endsWith("/servicePrincipals"))
                .respond(404, JSON, graphError("Directory_ObjectNotFound", "Unable to read the company information."));

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(writes(tenant)).noneMatch(part -> part.url().endsWith("/servicePrincipals"));
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R17_whatSomebodyTookAwayMeanwhileIsNotClaimedAndComesBackWithTheNextRefresh() {
        SimulatedTenant tenant = inSync("Taken away").removeScopes(EXCHANGE, Set.of("Exchange.Manage"));
        CpvClient client = builder(partner.required)
                .addListener(onPlan(() -> tenant.withoutServicePrincipal(EXCHANGE)))
                .build();

        CpvResult result = client.refresh(id(tenant));

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(result.worthRetrying()).isTrue();
        assertThat(missed(result)).containsKey(EXCHANGE + " Exchange.Manage");
        assertOutcome(checked(tenant, client.refresh(id(tenant))), RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R18_theAppDeletedWhileWeWriteIsNotClaimedAndComesBackWithTheNextRefresh() {
        SimulatedTenant tenant = consented("App deleted meanwhile");
        CpvClient client = builder(requiredOf(EXCHANGE))
                .addListener(onPlan(() -> tenant.deleteServicePrincipal(partner.clientId())))
                .build();

        CpvResult result = client.refresh(id(tenant));

        assertThat(result.outcome().isInSync()).as(result.toString()).isFalse();
        assertThat(result.count(Status.GRANTED)).isZero();
        assertThat(result.worthRetrying()).isTrue();
        assertOutcome(client.refresh(id(tenant)), RefreshOutcome.UPDATED);
        assertThat(scopes(tenant, EXCHANGE)).isEqualTo(partner.requiredScopes().get(EXCHANGE));
    }

    @Test
    void R7_aDomainLeadsToItsTenant() {
        SimulatedTenant tenant = inSync("By domain");

        CpvResult result =
                checked(tenant, partner.client.refresh(tenant.domains().get(0)));

        assertOutcome(result, RefreshOutcome.UP_TO_DATE);
        assertThat(result.tenantId()).contains(id(tenant));
    }

    @Test
    void R28_aClosedDirectorySendsNothingAndFailsNoTenant() {
        SimulatedTenant tenant = inSync("Closed");
        InMemoryRefreshJournal journal = new InMemoryRefreshJournal();
        CpvClient client = builder(partner.required).journal(journal).build();
        client.refresh(id(tenant));
        TenantRecord before = journal.find(id(tenant)).orElseThrow();
        partner.time.advance(Duration.ofHours(1));
        partner.directory.close();
        forget();

        for (String named : List.of(tenant.id(), tenant.domains().get(0))) {
            CpvResult result = client.refresh(named);

            assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
            CpvFailure failure = result.failure().orElseThrow();
            assertThat(failure.scope()).isEqualTo(FailureScope.PARTNER);
            assertThat(failure.message()).contains("The directory is closed");
        }

        assertThat(partner.simulator.journal().requests()).isEmpty();
        assertThat(journal.find(id(tenant))).contains(before);
    }

    @Test
    void R26_pagesAreFollowedInBatches() {
        SimulatedTenant tenant = inSync("Small pages").removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);
        tenant.behaviour().pageSize(7);

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(writes(tenant)).hasSize(1);
        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(sent(tenant, Endpoint.GRAPH_GET)).isZero();
    }

    private static List<Duration> seconds(int... values) {
        return IntStream.of(values).mapToObj(Duration::ofSeconds).toList();
    }
}
