package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cpv.graph.simulator.DirectoryRoles;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.GdapRelationship;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.Remediation;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.TenantCatalogException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is listed, why one is not managed, and what makes a listing fail; over the wire. */
class PartnerTenantCatalogTest {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final SimulatedPartner partner = new SimulatedPartner();
    private final PartnerTenantCatalog catalog = PartnerTenantCatalog.of(partner.directory);

    @AfterEach
    void stop() {
        partner.close();
        assertThat(partner.simulator.journal().contractViolations()).isEmpty();
    }

    // Who is listed

    @Test
    void aCustomerWithAnActiveRelationshipIsManageable() {
        SimulatedTenant fabrikam = settled("Fabrikam");

        CatalogTenant listed = listed(fabrikam);

        assertThat(listed.isManageable()).isTrue();
        assertThat(listed.displayName()).isEqualTo("Fabrikam");
        assertThat(listed.aliases()).containsExactly("fabrikam.onmicrosoft.com");
        assertThat(listed.accessSince())
                .contains(relationship(fabrikam).createdAt())
                .get()
                .isNotEqualTo(partner.time.instant());
        assertThat(listed.accessEnds()).as("it prolongs itself").isEmpty();
    }

    @Test
    void accessEndsWithTheLastRelationshipUnlessOneProlongsItself() {
        SimulatedTenant tenant = settled("Ends");
        GdapRelationship first = relationship(tenant);
        tenant.updateRelationship(first.id(), old -> old.withAutoExtend(false));
        GdapRelationship second = tenant.addRelationship(DirectoryRoles.STANDARD);
        Instant later = first.endAt().plus(Duration.ofDays(30));
        tenant.updateRelationship(second.id(), old -> old.withAutoExtend(false).withEnd(later));
        partner.time.advance(Duration.ofHours(1));

        assertThat(listed(tenant).accessEnds()).contains(later);

        tenant.updateRelationship(second.id(), old -> old.withAutoExtend(true));
        assertThat(listed(tenant).accessEnds()).isEmpty();
    }

    @Test
    void aCustomerThatPartnerCenterDoesNotListIsManageable() {
        SimulatedTenant tenant = settled("GDAP alone");
        tenant.behaviour().listedByPartnerCenter(false);

        assertThat(listed(tenant).isManageable()).isTrue();
        assertThat(listed(tenant).aliases()).isEmpty();
    }

    @Test
    void theIdIsTheIdentityAndNamesAreLabels() {
        SimulatedTenant one = settled("Same");
        SimulatedTenant other = settled("Same");

        assertThat(list().tenants())
                .extracting(CatalogTenant::id)
                .containsExactlyInAnyOrder(TenantId.of(one.id()), TenantId.of(other.id()));
    }

    // Why one is not managed

    @ParameterizedTest
    @CsvSource({
        "CREATED, DELEGATED_ADMIN_PENDING",
        "APPROVAL_PENDING, DELEGATED_ADMIN_PENDING",
        "APPROVED, DELEGATED_ADMIN_NOT_READY",
        "ACTIVATING, DELEGATED_ADMIN_NOT_READY",
        "EXPIRING, DELEGATED_ADMIN_ENDED",
        "EXPIRED, DELEGATED_ADMIN_ENDED",
        "TERMINATION_REQUESTED, DELEGATED_ADMIN_ENDED",
        "TERMINATING, DELEGATED_ADMIN_ENDED",
        "TERMINATED, DELEGATED_ADMIN_ENDED",
        "UNKNOWN_FUTURE_VALUE, DELEGATED_ADMIN_MISSING"
    })
    void everyStatusButActiveIsAReason(GdapRelationship.Status status, FailureCode code) {
        SimulatedTenant tenant = settled("Contoso").relationshipStatus(status);

        CpvFailure reason = reason(tenant);

        assertThat(reason.code()).isEqualTo(code);
        assertThat(reason.scope()).isEqualTo(FailureScope.TENANT);
        assertThat(reason.message()).contains("'Contoso-Contoso'");
    }

    @Test
    void aResellersCustomerWithoutARelationshipIsListedWithTheReason() {
        SimulatedTenant tenant = settled("Reseller").withoutRelationships();

        assertThat(reason(tenant).code()).isEqualTo(FailureCode.DELEGATED_ADMIN_MISSING);
        assertThat(reason(tenant).remediation().action()).contains("a reseller relationship gives no access");
        assertThat(listed(tenant).displayName()).isEqualTo("Reseller");
    }

    @Test
    void whatMicrosoftMadeFromOldRelationshipsCannotBeUsedAlone() {
        SimulatedTenant tenant = settled("Led");
        tenant.updateRelationship(relationship(tenant).id(), old -> old.withDisplayName("MLT_1234"));

        assertThat(reason(tenant).code()).isEqualTo(FailureCode.DELEGATED_ADMIN_READ_ONLY);

        tenant.addRelationship(DirectoryRoles.STANDARD);
        partner.time.advance(Duration.ofHours(1));
        assertThat(listed(tenant).isManageable()).isTrue();
    }

    @Test
    void aRelationshipThatIsFifteenMinutesOldWorksAndAYoungerOneDoesNotYet() {
        SimulatedTenant tenant = partner.simulator.addCustomer("New");
        partner.time.advance(Duration.ofMinutes(2));

        CpvFailure reason = reason(tenant);
        assertThat(reason.code()).isEqualTo(FailureCode.DELEGATED_ADMIN_NOT_READY);
        assertThat(reason.retryable()).isTrue();
        assertThat(reason.retryAfter()).contains(Duration.ofMinutes(13));

        partner.time.advance(Duration.ofMinutes(13));
        assertThat(listed(tenant).isManageable()).isTrue();
    }

    @Test
    void aNewRelationshipBesideAnOldOneTakesNothingAway() {
        SimulatedTenant tenant = settled("Renewed");
        tenant.addRelationship(DirectoryRoles.STANDARD);

        assertThat(listed(tenant).isManageable()).isTrue();
    }

    @Test
    void rolesOfAllRelationshipsThatWorkAddUp() {
        SimulatedTenant tenant = settled("Roles").relationshipRoles(Set.of(DirectoryRoles.GLOBAL_READER));

        assertThat(reason(tenant).code()).isEqualTo(FailureCode.DELEGATED_ADMIN_ROLE_MISSING);

        GdapRelationship second = tenant.addRelationship(Set.of(DirectoryRoles.CLOUD_APPLICATION_ADMINISTRATOR));
        partner.time.advance(Duration.ofHours(1));
        assertThat(listed(tenant).isManageable()).isTrue();

        tenant.updateRelationship(
                second.id(), old -> old.withStatus(GdapRelationship.Status.TERMINATED, partner.time.instant()));
        assertThat(reason(tenant).code()).isEqualTo(FailureCode.DELEGATED_ADMIN_ROLE_MISSING);
    }

    @Test
    void anOfferThatNobodyOpenedIsNobodysAndARemark() {
        SimulatedTenant tenant = settled("Fabrikam");
        partner.simulator.offerRelationship("For whoever opens it", DirectoryRoles.STANDARD);

        CatalogSnapshot snapshot = list();

        assertThat(snapshot.tenants()).extracting(CatalogTenant::id).containsExactly(TenantId.of(tenant.id()));
        assertThat(snapshot.remarks()).singleElement().asString().startsWith("1 delegated admin relationships");
    }

    // Partner Center

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void pagesOfPartnerCenterAreFollowedHoweverTheyAreLinked(boolean inBody, boolean inLinks) {
        partner.simulator.partnerBehaviour().continuationInBody(inBody).continuationInLinks(inLinks);
        for (int i = 0; i < 1_001; i++) {
            partner.simulator.addCustomer("Customer " + i).withoutRelationships();
        }

        assertThat(list().tenants()).hasSize(1_001);

        assertThat(partner.simulator.journal().count(Endpoint.CUSTOMERS)).isEqualTo(3);
    }

    @Test
    void morePagesWithoutAWayToThemAreNoWholeList() {
        partner.simulator.partnerBehaviour().continuationInBody(false).continuationInLinks(false);
        for (int i = 0; i < 501; i++) {
            partner.simulator.addCustomer("Customer " + i).withoutRelationships();
        }

        assertThat(failure().code()).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    @Test
    void aPartnerWhoResellsNothingIsToldSoAndGetsTheRest() {
        SimulatedTenant tenant = settled("Fabrikam");
        partner.simulator.partnerBehaviour().reseller(false);

        CatalogSnapshot snapshot = list();

        assertThat(snapshot.tenants()).extracting(CatalogTenant::id).containsExactly(TenantId.of(tenant.id()));
        assertThat(snapshot.remarks()).singleElement().asString().startsWith("Partner Center returned no list");
    }

    @Test
    void partnerCenterCanBeLeftOut() {
        SimulatedTenant tenant = settled("Fabrikam");

        CatalogSnapshot snapshot = PartnerTenantCatalog.builder(partner.directory)
                .withoutPartnerCenter()
                .build()
                .list(new Cancellation());

        assertThat(snapshot.tenants()).extracting(CatalogTenant::id).containsExactly(TenantId.of(tenant.id()));
        assertThat(partner.simulator.journal().count(Endpoint.CUSTOMERS)).isZero();
    }

    // What makes a listing fail

    @ParameterizedTest
    @ValueSource(strings = {"GRAPH_GET", "CUSTOMERS"})
    void R26_aPageThatPassesIsAskedForAgain(Endpoint endpoint) {
        SimulatedTenant tenant = settled("Fabrikam");
        partner.simulator.faults().onAny(endpoint).respond(429, Map.of("Retry-After", "7"), "");

        assertThat(listed(tenant).isManageable()).isTrue();

        assertThat(partner.time.sleeps()).containsExactly(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @CsvSource({
        "GRAPH_GET, 503, SERVICE_UNAVAILABLE",
        "GRAPH_GET, 429, THROTTLED",
        "CUSTOMERS, 500, SERVICE_UNAVAILABLE",
        "CUSTOMERS, 429, THROTTLED"
    })
    void aPageThatFailsInTheEndFailsTheListing(Endpoint endpoint, int status, FailureCode code) {
        settled("Fabrikam");
        partner.simulator.faults().onAny(endpoint).always().respond(status);

        CpvFailure failure = failure();

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.retryable()).isTrue();
        assertThat(partner.simulator.journal().count(endpoint)).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"value\":{}}",
                "{\"value\":[1]}",
                "{\"value\":[],\"value\":[]}",
                "{\"value\":[{\"id\":\"x\"}",
                "<html>"
            })
    void aPageThatCannotBeReadFailsTheListing(String body) {
        settled("Fabrikam");
        partner.simulator.faults().onAny(Endpoint.GRAPH_GET).always().respond(200, JSON, body);

        assertThat(failure().code()).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    @Test
    void aCustomerWhoseIdIsNoTenantsFailsTheListing() {
        partner.simulator
                .faults()
                .onAny(Endpoint.CUSTOMERS)
                .respond(200, JSON, "{\"items\":[{\"id\":\"7\",\"companyProfile\":{\"companyName\":\"x\"}}]}");

        assertThat(failure().code()).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    @Test
    void pagesInACircleFailTheListing() {
        partner.simulator
                .faults()
                .onAny(Endpoint.GRAPH_GET)
                .always()
                .respond(
                        200,
                        JSON,
                        "{\"value\":[],\"@odata.nextLink\":\"" + partner.simulator.graphUrl()
                                + "/v1.0/x?$skiptoken=1\"}");

        assertThat(failure().code()).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/v1.0/x?$skiptoken=1",
                "http://localhost:1/v1.0/x",
                "https://graph.microsoft.com@evil.example/v1.0/x",
                "//evil.example/v1.0/x"
            })
    void R24_aNextPageOnAForeignHostIsRefused(String link) {
        partner.simulator
                .faults()
                .onAny(Endpoint.GRAPH_GET)
                .respond(200, JSON, "{\"value\":[],\"@odata.nextLink\":\"" + link + "\"}");

        assertThat(failure().code()).isEqualTo(FailureCode.FOREIGN_HOST_REFUSED);
    }

    @Test
    void R24_aLinkToMicrosoftsOwnHostIsFollowedWhereRequestsGo() {
        SimulatedTenant tenant = settled("Behind a proxy");
        partner.simulator
                .faults()
                .onAny(Endpoint.GRAPH_GET)
                .respond(
                        200,
                        JSON,
                        "{\"value\":[],\"@odata.nextLink\":\"https://graph.microsoft.com/v1.0/tenantRelationships/"
                                + "delegatedAdminRelationships?$top=300\"}");

        assertThat(listed(tenant).isManageable()).isTrue();
    }

    @Test
    void aTokenThatWasRevokedIsRenewedOnce() {
        SimulatedTenant tenant = settled("Fabrikam");
        partner.simulator.faults().onAny(Endpoint.GRAPH_GET).respond(401);

        assertThat(listed(tenant).isManageable()).isTrue();
    }

    @Test
    void aMissingPermissionInThePartnerTenantIsThePartnersToGrant() {
        settled("Fabrikam");
        partner.simulator.partner().removeScopes(ResourceCatalog.GRAPH, Set.of("DelegatedAdminRelationship.Read.All"));

        CpvFailure failure = failure();

        assertThat(failure.code()).isEqualTo(FailureCode.CATALOG_FAILED);
        assertThat(failure.scope()).isEqualTo(FailureScope.PARTNER);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.remediation().party()).isEqualTo(Remediation.Party.PARTNER);
        assertThat(failure.remediation().action()).contains("DelegatedAdminRelationship.Read.All");
    }

    @Test
    void R28_whatMeetsEveryTenantHasTheScopeOfThePartner() {
        partner.simulator.serviceAccount().revokeSessions();

        assertThat(failure().code()).isEqualTo(FailureCode.REFRESH_TOKEN_REVOKED);
        assertThat(failure().scope()).isEqualTo(FailureScope.PARTNER);
    }

    @Test
    void R28_aServiceAccountWithoutMfaIsToldApart() {
        String withoutMfa = partner.simulator.refreshToken(false);
        try (GraphTenantDirectory directory = Directories.over(partner.simulator, withoutMfa)
                .clock(partner.time)
                .sleeper(partner.time)
                .build()) {
            CpvFailure failure = failure(PartnerTenantCatalog.of(directory), new Cancellation());

            assertThat(failure.code()).isEqualTo(FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED);
            assertThat(failure.scope()).isEqualTo(FailureScope.PARTNER);
        }
        assertThat(partner.simulator.journal().count(Endpoint.CUSTOMERS)).isEqualTo(1);
    }

    @Test
    void R18_cancellingBetweenPagesEndsTheListing() {
        for (int i = 0; i < 301; i++) {
            partner.simulator.addCustomer("Customer " + i);
        }
        Cancellation cancellation = new Cancellation();
        partner.simulator
                .faults()
                .onAny(Endpoint.GRAPH_GET)
                .when(request -> {
                    cancellation.cancel();
                    return false;
                })
                .always()
                .respond(500);

        assertThat(failure(catalog, cancellation).code()).isEqualTo(FailureCode.CANCELLED);
        assertThat(partner.simulator.journal().count(Endpoint.GRAPH_GET)).isEqualTo(1);
    }

    @Test
    void aListingEndsWithItsTime() {
        partner.simulator.faults().onAny(Endpoint.GRAPH_GET).respond(429, Map.of("Retry-After", "60"), "");
        PartnerTenantCatalog hasty = PartnerTenantCatalog.builder(partner.directory)
                .timeout(Duration.ofSeconds(30))
                .build();

        assertThat(failure(hasty, new Cancellation()).code()).isEqualTo(FailureCode.THROTTLED);
        assertThat(partner.time.sleeps()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-government", "us-dod", "china"})
    void otherCloudsAreToldWhatToUseInstead(String cloud) {
        try (GraphTenantDirectory directory = Directories.over(partner.simulator, "token")
                .cloud(MicrosoftCloud.named(cloud))
                .build()) {
            assertThatThrownBy(() -> PartnerTenantCatalog.of(directory))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(cloud)
                    .hasMessageContaining("TenantCatalog.of(tenants)");
        }
    }

    // At scale

    @Test
    void tenThousandCustomersTakeFiftySixRequests() {
        for (int i = 0; i < 10_000; i++) {
            partner.simulator.addCustomer("Customer " + i);
        }
        partner.simulator.journal().clear();
        partner.time.advance(Duration.ofHours(1));

        CatalogSnapshot snapshot = list();

        assertThat(snapshot.tenants()).hasSize(10_000).allMatch(CatalogTenant::isManageable);
        assertThat(partner.simulator.journal().count(Endpoint.GRAPH_GET)).isEqualTo(34);
        assertThat(partner.simulator.journal().count(Endpoint.CUSTOMERS)).isEqualTo(20);
        assertThat(partner.simulator.journal().count(Endpoint.TOKEN_REFRESH)).isEqualTo(2);
        assertThat(partner.simulator.journal().requests()).hasSize(56);
    }

    // Acting

    private SimulatedTenant settled(String name) {
        SimulatedTenant tenant = partner.simulator.addCustomer(name);
        partner.time.advance(Duration.ofHours(1));
        return tenant;
    }

    private static GdapRelationship relationship(SimulatedTenant tenant) {
        return tenant.relationships().get(0);
    }

    private CatalogSnapshot list() {
        return catalog.list(new Cancellation());
    }

    private CatalogTenant listed(SimulatedTenant tenant) {
        return list().tenants().stream()
                .filter(listed -> listed.id().equals(TenantId.of(tenant.id())))
                .findFirst()
                .orElseThrow(() -> new AssertionError(tenant + " is not listed"));
    }

    private CpvFailure reason(SimulatedTenant tenant) {
        return listed(tenant).notManageable().orElseThrow(() -> new AssertionError(tenant + " is manageable"));
    }

    private CpvFailure failure() {
        return failure(catalog, new Cancellation());
    }

    private static CpvFailure failure(PartnerTenantCatalog catalog, Cancellation cancellation) {
        return assertThatThrownBy(() -> catalog.list(cancellation))
                .asInstanceOf(InstanceOfAssertFactories.type(TenantCatalogException.class))
                .actual()
                .failure();
    }
}
