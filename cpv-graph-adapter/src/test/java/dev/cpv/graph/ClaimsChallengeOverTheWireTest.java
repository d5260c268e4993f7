package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cpv.CpvResult;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Remediation.Party;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.TenantCatalogException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service that wants more of a token is given it once, and what cannot be given is told (API §4.9). */
class ClaimsChallengeOverTheWireTest extends OverTheWire {
    private static final String USER_READ_ALL = "User.Read.All";
    private static final String CLAIMS =
            "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1900000000\"},\"acrs\":{\"values\":[\"c1\",\"c2\"]}}}";

    @Test
    void R21_aChallengeIsAnsweredByATokenWithTheClaims() {
        SimulatedTenant tenant = inSync("Challenged");
        tenant.behaviour().requiredClaims(CLAIMS);

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UP_TO_DATE);
        assertThat(result.requests()).as("one more token, one more batch").isEqualTo(2 + 2);
        assertThat(refresh(tenant).requests()).as("that token is kept").isEqualTo(1);
    }

    @Test
    void R26_aChallengeWithinABatchIsAnsweredForItsPartsAlone() {
        SimulatedTenant tenant = inSync("Challenged part")
                .removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL)
                .removeAppRole(ResourceCatalog.GRAPH, "Group.Read.All");
        AtomicInteger claimed = countClaims(tenant);
        partner.simulator.faults().onPart(tenant.id(), "POST", ROLES).respond(403, challenge(CLAIMS), refused());

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(claimed).hasValue(1);
        assertThat(batches(tenant)).containsExactly("GET", "POST", "POST");
        assertThat(writes(tenant).stream().filter(part -> part.status() == 201))
                .as("nothing twice")
                .hasSize(2);
        assertThat(writes(tenant)).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void R26_aReadThatIsChallengedWithinABatchIsReadAgain(int status) {
        SimulatedTenant tenant = inSync("Challenged read");
        partner.simulator
                .faults()
                .onPart(tenant.id(), "GET", "/appRoleAssignments")
                .respond(status, challenge(CLAIMS), refused());

        assertOutcome(refresh(tenant), RefreshOutcome.UP_TO_DATE);

        assertThat(sent(tenant, Endpoint.BATCH)).isEqualTo(2);
    }

    @Test
    void R26_aChallengeThatComesAgainIsNotAnsweredAgain() {
        SimulatedTenant tenant = inSync("Always challenged");
        tenant.behaviour().claimsChallenge(true);

        assertFailed(refresh(tenant), FailureCode.EXTRA_AUTHENTICATION_REQUIRED, FailureScope.TENANT, Party.CUSTOMER);

        assertThat(sent(tenant, Endpoint.TOKEN_REFRESH)).isEqualTo(2);
        assertThat(sent(tenant, Endpoint.BATCH)).isEqualTo(2);
        assertNothingWritten(tenant);
    }

    @Test
    void R26_aPartThatIsChallengedAgainFailsAlone() {
        SimulatedTenant tenant = inSync("Always challenged part").removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);
        tenant.removeScopes(ResourceCatalog.EXCHANGE, Set.of("Exchange.Manage"));
        AtomicInteger claimed = countClaims(tenant);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", ROLES)
                .always()
                .respond(403, challenge(CLAIMS), refused());

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(missed(result))
                .containsOnly(Map.entry(
                        ResourceCatalog.GRAPH + " " + USER_READ_ALL, FailureCode.EXTRA_AUTHENTICATION_REQUIRED));
        assertThat(claimed).hasValue(1);
        assertThat(writes(tenant, "POST", ROLES)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "interaction_required,50076,EXTRA_AUTHENTICATION_REQUIRED",
        "interaction_required,1234567,EXTRA_AUTHENTICATION_REQUIRED",
        "invalid_grant,53003,CONDITIONAL_ACCESS_BLOCKED"
    })
    void R25_whatTheTokenEndpointSaysToTheClaimsIsTold(String error, int code, FailureCode told) {
        SimulatedTenant tenant = inSync("Interaction required");
        tenant.behaviour().requiredClaims(CLAIMS);
        refuseClaims(tenant, error, code);

        CpvFailure failure = assertFailed(refresh(tenant), told, FailureScope.TENANT, Party.CUSTOMER);

        assertThat(failure.retryable()).isFalse();
        assertThat(failure.serviceCode()).contains("AADSTS" + code);
        assertThat(sent(tenant, Endpoint.TOKEN_REFRESH)).isEqualTo(2);
        assertThat(sent(tenant, Endpoint.BATCH)).isEqualTo(1);
    }

    @Test
    void R17_whatWasWrittenBesideAChallengedPartIsToldThoughNoTokenCanBeHad() {
        SimulatedTenant tenant = inSync("Half challenged")
                .removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL)
                .removeScopes(ResourceCatalog.EXCHANGE, Set.of("Exchange.Manage"));
        refuseClaims(tenant, "interaction_required", 50076);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", ROLES)
                .always()
                .respond(401, challenge(CLAIMS), refused());

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(missed(result))
                .containsOnly(Map.entry(
                        ResourceCatalog.GRAPH + " " + USER_READ_ALL, FailureCode.EXTRA_AUTHENTICATION_REQUIRED));
        assertThat(scopes(tenant, ResourceCatalog.EXCHANGE))
                .isEqualTo(partner.requiredScopes().get(ResourceCatalog.EXCHANGE));
    }

    @Test
    void R21_aGarbledChallengeCountsAsARefusedToken() {
        SimulatedTenant tenant = inSync("Garbled challenge");
        AtomicInteger claimed = countClaims(tenant);
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.BATCH)
                .respond(
                        401,
                        Map.of("WWW-Authenticate", "Bearer error=\"insufficient_claims\", claims=\"bm8gSlNPTg==\""),
                        refused());

        assertOutcome(refresh(tenant), RefreshOutcome.UP_TO_DATE);

        assertThat(sent(tenant, Endpoint.TOKEN_REFRESH)).isEqualTo(2);
        assertThat(claimed).hasValue(0);
    }

    @Test
    void R21_partnerCentersChallengeIsAnsweredInThePartnerTenant() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Consented by a challenged token");
        partner.simulator.partner().behaviour().requiredClaims(CLAIMS);

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isEqualTo(2);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R28_aChallengeThatThePartnersSignInCannotAnswerIsPartnerWide() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Not consented");
        partner.simulator.partner().behaviour().requiredClaims(CLAIMS);
        refuseClaims(partner.simulator.partner(), "interaction_required", 50079);

        CpvResult result = refresh(tenant);

        CpvFailure failure = result.failure().orElseThrow();
        assertThat(failure.code()).isEqualTo(FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED);
        assertThat(failure.scope()).isEqualTo(FailureScope.PARTNER);
        assertThat(failure.remediation().party()).isEqualTo(Party.PARTNER);
        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isEqualTo(1);
    }

    @Test
    void R28_challengesOfTheCustomerListAreAnsweredOnceForEachService() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Listed");
        partner.simulator.partner().behaviour().requiredClaims(CLAIMS);

        CatalogSnapshot list = listCustomers();

        assertThat(list.tenants()).extracting(CatalogTenant::id).contains(TenantId.of(tenant.id()));
        assertThat(list.remarks()).isEmpty();
        assertThat(partner.simulator.journal().count(Endpoint.GRAPH_GET)).isEqualTo(2);
        assertThat(partner.simulator.journal().count(Endpoint.CUSTOMERS)).isEqualTo(2);
        assertThat(partner.simulator.journal().count(Endpoint.TOKEN_REFRESH))
                .as("one more token for each service")
                .isEqualTo(2);
        listCustomers();
        assertThat(partner.simulator.journal().count(Endpoint.TOKEN_REFRESH))
                .as("those tokens are kept")
                .isEqualTo(2);
    }

    @Test
    void R28_aCustomerListThatIsChallengedAgainFailsForThePartner() {
        partner.simulator.addCustomer("Listed");
        partner.simulator.partner().behaviour().claimsChallenge(true);

        CpvFailure failure = listFailure();

        assertThat(failure.code()).isEqualTo(FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED);
        assertThat(failure.scope()).isEqualTo(FailureScope.PARTNER);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.remediation().party()).isEqualTo(Party.PARTNER);
        assertThat(failure.remediation().action()).contains("No customer needs to act");
        assertThat(partner.simulator.journal().count(Endpoint.GRAPH_GET)).isEqualTo(2);
        assertThat(partner.simulator.journal().count(Endpoint.TOKEN_REFRESH)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void R28_partnerCentersListThatIsChallengedAgainFailsForThePartner(int status) {
        partner.simulator.addCustomer("Listed");
        partner.simulator
                .faults()
                .onAny(Endpoint.CUSTOMERS)
                .always()
                .respond(status, challenge(CLAIMS), "{\"code\":\"401\",\"description\":\"Not enough.\"}");

        CpvFailure failure = listFailure();

        assertThat(failure.code()).isEqualTo(FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED);
        assertThat(failure.scope()).isEqualTo(FailureScope.PARTNER);
        assertThat(partner.simulator.journal().count(Endpoint.CUSTOMERS)).isEqualTo(2);
    }

    @Test
    void R28_aCustomerListWhoseChallengeEntraIdRefusesFailsForThePartner() {
        partner.simulator.addCustomer("Listed");
        partner.simulator.partner().behaviour().requiredClaims(CLAIMS);
        refuseClaims(partner.simulator.partner(), "interaction_required", 50076);

        CpvFailure failure = listFailure();

        assertThat(failure.code()).isEqualTo(FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED);
        assertThat(failure.scope()).isEqualTo(FailureScope.PARTNER);
        assertThat(failure.remediation().party()).isEqualTo(Party.PARTNER);
        assertThat(failure.serviceCode()).contains("AADSTS50076");
        assertThat(partner.simulator.journal().count(Endpoint.GRAPH_GET)).isEqualTo(1);
    }

    private CatalogSnapshot listCustomers() {
        return PartnerTenantCatalog.of(partner.directory).list(new Cancellation());
    }

    private CpvFailure listFailure() {
        return assertThatThrownBy(this::listCustomers)
                .asInstanceOf(InstanceOfAssertFactories.type(TenantCatalogException.class))
                .actual()
                .failure();
    }

    private AtomicInteger countClaims(SimulatedTenant tenant) {
        AtomicInteger claimed = new AtomicInteger();
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.TOKEN_REFRESH)
                .when(request -> {
                    claimed.addAndGet(request.body().contains("claims=") ? 1 : 0);
                    return false;
                })
                .respond(500);
        return claimed;
    }

    private void refuseClaims(SimulatedTenant tenant, String error, int code) {
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.TOKEN_REFRESH)
                .when(request -> request.body().contains("claims="))
                .always()
                .respond(
                        400,
                        JSON,
                        "{\"error\":\"" + error + "\",\"error_codes\":[" + code + "],\"error_description\":\"AADSTS"
                                + code + ": Not without you.\",\"claims\":\"{\\\"access_token\\\":{}}\"}");
    }

    private static Map<String, String> challenge(String claims) {
        Map<String, String> headers = new HashMap<>(JSON);
        headers.put(
                "WWW-Authenticate",
                "Bearer realm=\"\", error=\"insufficient_claims\", claims=\""
                        + Base64.getEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + "\"");
        return headers;
    }

    private static String refused() {
        return graphError("InvalidAuthenticationToken", "Continuous access evaluation resulted in challenge.");
    }
}
