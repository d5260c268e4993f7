package dev.cpv.graph.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorModelTest {
    private final SettableClock clock = new SettableClock();
    private final MicrosoftSimulator microsoft =
            MicrosoftSimulator.builder().clock(clock).build();
    private final Calls calls = new Calls(microsoft);
    private final SimulatedTenant customer = microsoft.addCustomer("Fabrikam");
    private final String app = microsoft.app().appId();

    @AfterEach
    void stop() {
        microsoft.close();
    }

    @Test
    @Checklist("10.1-1")
    void tenantsHaveTheirOwnFacts() {
        customer.users(600).licences(Set.of("BUSINESS_BASIC")).addDomain("fabrikam.example");
        customer.withoutResource(ResourceCatalog.DEFENDER, Unavailability.NO_BACKING_APPLICATION);

        assertThat(microsoft.tenant("FABRIKAM.example")).containsSame(customer);
        assertThat(microsoft.tenant(customer.id())).containsSame(customer);
        assertThat(customer.domains()).containsExactly("fabrikam.onmicrosoft.com", "fabrikam.example");
        assertThat(customer.users()).isEqualTo(600);
        assertThat(customer.licences()).containsExactly("BUSINESS_BASIC");
        assertThat(customer.servicePrincipal(ResourceCatalog.DEFENDER)).isEmpty();
        assertThat(customer.servicePrincipal(ResourceCatalog.PARTNER_CENTER)).isEmpty();
        assertThat(customer.servicePrincipals()).hasSize(10);
        assertThat(microsoft.partner().servicePrincipal(ResourceCatalog.PARTNER_CENTER))
                .isPresent();
        customer.behaviour().deprovisioned(true);
        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(5000224);
    }

    @Test
    @Checklist("10.1-2")
    void theAppRegistrationDecides() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES);

        microsoft.app().multiTenant(false);
        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(50194);
        microsoft.app().multiTenant(true).enabled(false);
        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(7000112);
        microsoft.app().enabled(true);
        calls.redeem(customer, Calls.GRAPH).expect(200);
        microsoft.app().removeCredentials();
        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(7000215);
        assertThat(microsoft.app().manifest()).contains("requiredResourceAccess");
    }

    @Test
    @Checklist("10.1-2")
    void anAdministratorOfTheCustomerCanDisableTheApp() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES).enableServicePrincipal(app, false);

        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(7000112);
        calls.redeem(microsoft.partner(), Calls.GRAPH).expect(200);
    }

    @Test
    @Checklist("10.1-3")
    void theServiceAccountCountsThroughItsGroups() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES);
        GdapRelationship relationship = customer.relationships().get(0);
        String group = relationship.assignments().get(0).groupId();
        String inner = "aaaaaaaa-1111-1111-1111-111111111111";

        microsoft.groups().put(group, "Outer", Set.of(inner));
        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(50020);
        microsoft.groups().put(inner, "Inner", Set.of(microsoft.serviceAccount().id(), group));
        calls.redeem(customer, Calls.GRAPH).expect(200);
        microsoft.serviceAccount().guestIn(customer.id(), true);
        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(50020);
        microsoft.serviceAccount().guestIn(customer.id(), false).enabled(false);
        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(50057);
    }

    @Test
    @Checklist("10.1-4")
    void relationshipsEndAndExtend() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES);
        GdapRelationship relationship = customer.relationships().get(0);
        Instant end = clock.instant().plus(Duration.ofDays(30));

        for (GdapRelationship.Status status : GdapRelationship.Status.values()) {
            customer.relationshipStatus(status);
            int code = calls.redeem(customer, Calls.GRAPH).aadsts();
            assertThat(code).as(status.name()).isEqualTo(status == GdapRelationship.Status.ACTIVE ? 0 : 50020);
        }
        customer.relationshipStatus(GdapRelationship.Status.ACTIVE)
                .updateRelationship(relationship.id(), old -> old.withEnd(end));
        clock.advance(Duration.ofDays(31));
        calls.redeem(customer, Calls.GRAPH).expect(200);
        customer.updateRelationship(relationship.id(), old -> old.withAutoExtend(false));
        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(50020);
        assertThat(customer.relationships().get(0).statusAt(clock.instant()))
                .isEqualTo(GdapRelationship.Status.EXPIRED);
    }

    @Test
    @Checklist("10.1-4")
    void assignmentsArePendingAtFirstAndRolesAddUp() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES).withoutRelationships();
        Instant active = clock.instant().plus(Duration.ofMinutes(2));
        GdapRelationship first = customer.addRelationship(Set.of(DirectoryRoles.GLOBAL_READER));
        GdapRelationship second = customer.addRelationship(Set.of(DirectoryRoles.APPLICATION_ADMINISTRATOR));
        customer.updateRelationship(
                second.id(),
                old -> old.withAssignments(old.assignments().stream()
                        .map(a -> new GdapRelationship.AccessAssignment(
                                a.id(), a.groupId(), a.roles(), a.createdAt(), active, false, a.version() + 1))
                        .toList()));

        String pending = wids();
        clock.advance(Duration.ofMinutes(2));
        String both = wids();

        assertThat(first.roles()).containsExactly(DirectoryRoles.GLOBAL_READER);
        assertThat(pending)
                .contains(DirectoryRoles.GLOBAL_READER)
                .doesNotContain(DirectoryRoles.APPLICATION_ADMINISTRATOR);
        assertThat(both).contains(DirectoryRoles.GLOBAL_READER, DirectoryRoles.APPLICATION_ADMINISTRATOR);
    }

    @Test
    @Checklist("10.1-5")
    void aDirectoryIsSeededAndRead() {
        String user = "bbbbbbbb-1111-1111-1111-111111111111";
        customer.granted(Fixtures.manifest())
                .assignDirectoryRole(DirectoryRoles.COMPLIANCE_ADMINISTRATOR)
                .addToGroup("cccccccc-1111-1111-1111-111111111111")
                .assignToApp("User", user, "00000000-0000-0000-0000-000000000000")
                .duplicateGrant(ResourceCatalog.GRAPH, Set.of("User.Read"))
                .userGrant(user, ResourceCatalog.GRAPH, Set.of("Mail.Send"));

        assertThat(total(customer.grantedAppRoles(app))).isEqualTo(70);
        assertThat(total(customer.grantedScopes(app))).isEqualTo(79);
        assertThat(customer.grants(app)).hasSize(13);
        assertThat(customer.directoryRoles(app)).containsExactly(DirectoryRoles.COMPLIANCE_ADMINISTRATOR);
        assertThat(customer.groups(app)).hasSize(1);
        assertThat(customer.assignedTo(app))
                .singleElement()
                .matches(a -> a.principalId().equals(user));
        customer.deleteServicePrincipal(app);
        assertThat(customer.deletedServicePrincipals()).hasSize(1);
        assertThat(customer.grantedAppRoles(app)).isEmpty();
        assertThat(customer.grants(app)).isEmpty();
    }

    @Test
    @Checklist("10.1-5")
    void objectIdsHaveMicrosoftsForm() {
        customer.consented(Set.of("User.Read"));
        SimulatedGrant grant = customer.grants(app).get(0);

        assertThat(ObjectIds.grant("ef969797-201d-4f6b-960c-e9ed5f31dab5", "943603e4-e787-4fe9-93d1-e30f749aae39"))
                .isEqualTo("l5eW7x0ga0-WDOntXzHateQDNpSH5-lPk9HjD3Sarjk");
        assertThat(grant.id()).isEqualTo(ObjectIds.grant(grant.clientId(), grant.resourceId()));
    }

    @Test
    @Checklist("10.1-6")
    void oneSeedGivesOneWorld() {
        assertThat(trace(7)).isEqualTo(trace(7));
        assertThat(trace(7)).isNotEqualTo(trace(8));
    }

    private static List<Object> trace(long seed) {
        SettableClock time = new SettableClock();
        try (MicrosoftSimulator one =
                MicrosoftSimulator.builder().seed(seed).clock(time).build()) {
            Calls wire = new Calls(one);
            SimulatedTenant tenant = one.addCustomer("Fabrikam");
            tenant.behaviour().replicationLag();
            wire.consent(tenant, "User.Read").expect(201);
            Calls.Answer token = wire.redeem(tenant, Calls.GRAPH).expect(200);
            return List.of(
                    tenant.id(),
                    tenant.servicePrincipals(),
                    tenant.grants(one.app().appId()),
                    token.json().path("expires_in").asInt());
        }
    }

    @Test
    @Checklist("10.1-7")
    void faultsStrikeBeforeOrAfterTheEffect() {
        JsonNode body = calls.consentBody(ResourceCatalog.GRAPH, "User.Read");
        String token = calls.partnerCenterToken();
        FaultPlan faults = microsoft.faults();

        faults.on(customer.id(), Endpoint.CONSENT_POST).respond(503, Map.of("Retry-After", "7"), "busy");
        Calls.Answer before = calls.consent(customer, token, Map.of(), body).expect(503);
        assertThat(before.header("Retry-After")).isEqualTo("7");
        assertThat(before.body()).isEqualTo("busy");
        assertThat(customer.grants(app)).isEmpty();

        faults.on(customer.id(), Endpoint.CONSENT_POST).afterEffect().reset();
        assertThatThrownBy(() -> calls.consent(customer, token, Map.of(), body))
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(customer.grants(app)).hasSize(1);
        assertThat(microsoft.journal().requests(customer.id(), Endpoint.CONSENT_POST))
                .extracting(WireJournal.Entry::status)
                .containsExactly(503, 0);
    }

    @Test
    @Checklist("10.1-7")
    void faultsStrikeTheRequestsTheyAreFor() {
        SimulatedTenant other = microsoft.addCustomer("Tailspin");
        microsoft
                .faults()
                .on(customer.id(), Endpoint.TOKEN_REFRESH)
                .when(request -> request.body().contains("graph.microsoft.com"))
                .nth(2)
                .times(2)
                .respond(500);

        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            statuses.add(calls.redeem(customer, Calls.GRAPH).status());
        }

        assertThat(statuses).containsExactly(400, 500, 500, 400);
        assertThat(calls.redeem(other, Calls.GRAPH).status()).isEqualTo(400);
        microsoft.faults().onAny(Endpoint.TOKEN_REFRESH).always().respond(500);
        assertThat(calls.redeem(other, Calls.GRAPH).status()).isEqualTo(500);
        microsoft.faults().clear();
        assertThat(calls.redeem(other, Calls.GRAPH).status()).isEqualTo(400);
    }

    @Test
    @Checklist("10.1-7")
    void aTimeoutStrikesWithOrWithoutEffect() {
        String token = calls.partnerCenterToken();
        Duration patience = Duration.ofMillis(150);
        Duration longer = Duration.ofMillis(600);
        JsonNode body = calls.consentBody(ResourceCatalog.GRAPH, "User.Read");
        String url = microsoft.partnerCenterUrl() + "/v1/customers/" + customer.id() + "/applicationconsents";
        Map<String, String> headers = Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json");

        microsoft.faults().on(customer.id(), Endpoint.CONSENT_POST).timeout(longer);
        assertThatThrownBy(() -> calls.sendOrFail("POST", url, headers, body.toString(), patience))
                .isInstanceOf(IOException.class);
        assertThat(customer.grants(app)).isEmpty();

        microsoft.faults().on(customer.id(), Endpoint.CONSENT_POST).delay(longer);
        assertThatThrownBy(() -> calls.sendOrFail("POST", url, headers, body.toString(), patience))
                .isInstanceOf(IOException.class);
        assertThat(customer.grants(app)).hasSize(1);
    }

    @Test
    @Checklist("10.5-6")
    void aNewSecretNeedsAMoment() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES);
        microsoft.app().credentialPropagation(Duration.ofSeconds(30)).addSecret("new");
        Map<String, String> form = calls.redemption(Calls.GRAPH);
        form.put("client_secret", "new");

        assertThat(calls.token(customer.id(), form).aadsts()).isEqualTo(7000215);
        clock.advance(Duration.ofSeconds(30));
        calls.token(customer.id(), form).expect(200);
    }

    @Test
    @Checklist("10.5-5")
    void aNewRelationshipDoesNotWorkAtOnce() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES)
                .behaviour()
                .relationshipPropagation(Duration.ofMinutes(15));

        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(50020);
        assertThat(customer.relationships().get(0).statusAt(clock.instant())).isEqualTo(GdapRelationship.Status.ACTIVE);
        clock.advance(Duration.ofMinutes(15));
        calls.redeem(customer, Calls.GRAPH).expect(200);
    }

    @Test
    @Checklist("10.5-2")
    void theTokenEndpointLearnsOfAConsentLater() {
        customer.behaviour().consentTokenDelay(Duration.ofSeconds(20));
        calls.consent(customer, "User.Read").expect(201);

        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(65001);
        clock.advance(Duration.ofSeconds(20));
        calls.redeem(customer, Calls.GRAPH).expect(200);
    }

    @Test
    void theJournalKeepsWhatCrossedTheWireAndNoSecret() {
        calls.consent(customer, "User.Read").expect(201);
        calls.redeem(customer, Calls.GRAPH).expect(200);
        calls.get(microsoft.loginUrl().replace("/login", "/nowhere")).expect(404);

        WireJournal journal = microsoft.journal();
        assertThat(journal.requests(customer.id()))
                .extracting(WireJournal.Entry::endpoint)
                .containsExactly(Endpoint.CONSENT_POST, Endpoint.TOKEN_REFRESH);
        assertThat(journal.count(microsoft.partner().id(), Endpoint.TOKEN_REFRESH))
                .isEqualTo(1);
        assertThat(journal.count(Endpoint.UNKNOWN)).isEqualTo(1);
        PartnerCredentials credentials = microsoft.credentials();
        assertThat(journal.requests() + "" + credentials + microsoft.app() + microsoft.serviceAccount())
                .doesNotContain(credentials.clientSecret(), credentials.refreshToken(), "eyJ");
        journal.clear();
        assertThat(journal.requests()).isEmpty();
    }

    @Test
    void theJournalIsBounded() {
        try (MicrosoftSimulator small =
                MicrosoftSimulator.builder().journalCapacity(2).build()) {
            Calls wire = new Calls(small);
            for (int i = 0; i < 5; i++) {
                wire.get(small.graphUrl());
            }

            assertThat(small.journal().requests())
                    .extracting(WireJournal.Entry::sequence)
                    .containsExactly(4L, 5L);
        }
    }

    @Test
    void httpsIsServedWithAGivenCertificate(@TempDir Path directory) throws IOException, GeneralSecurityException {
        SimulatedCertificate certificate = SimulatedCertificate.selfSigned("localhost", Instant.now());
        Path file = directory.resolve("server.p12");
        certificate.writePkcs12(file, "changeit");

        try (MicrosoftSimulator secure =
                MicrosoftSimulator.builder().https(file, "changeit").build()) {
            Calls wire = new Calls(secure, trusting(certificate));
            SimulatedTenant tenant = secure.addCustomer("Fabrikam").consented(SimulatedTenant.BOOTSTRAP_SCOPES);

            assertThat(secure.graphUrl()).startsWith("https://localhost:");
            wire.redeem(tenant, Calls.GRAPH).expect(200);
        }
    }

    @Test
    void thePeersSizesAreInTheCatalog() {
        ResourceCatalog catalog = microsoft.catalog();
        ResourceCatalog.Resource graph = catalog.resource(ResourceCatalog.GRAPH).orElseThrow();

        assertThat(catalog.resources()).hasSize(12);
        assertThat(graph.appRoles()).hasSize(64);
        assertThat(graph.scopes()).hasSize(89);
        assertThat(graph.scopes())
                .extracting(ResourceCatalog.Permission::value)
                .containsAll(SimulatedTenant.BOOTSTRAP_SCOPES);
        for (ResourceCatalog.Resource resource : catalog.resources()) {
            Set<String> ids = new HashSet<>();
            resource.appRoles()
                    .forEach(permission -> assertThat(ids.add(permission.id())).isTrue());
            resource.scopes()
                    .forEach(permission -> assertThat(ids.add(permission.id())).isTrue());
        }
    }

    @Test
    void theManifestHasItsSizeAndTwoScopesByName() {
        JsonNode manifest = Json.parse(Fixtures.manifest());
        int roles = 0;
        int scopes = 0;
        Set<String> byName = new HashSet<>();
        for (JsonNode resource : manifest.path("requiredResourceAccess")) {
            for (JsonNode access : resource.path("resourceAccess")) {
                boolean role = access.path("type").asText().equals("Role");
                roles += role ? 1 : 0;
                scopes += role ? 0 : 1;
                if (!access.path("id").asText().matches("[0-9a-f-]{36}")) {
                    byName.add(access.path("id").asText());
                }
            }
        }

        assertThat(manifest.path("requiredResourceAccess")).hasSize(12);
        assertThat(roles).isEqualTo(70);
        assertThat(scopes).isEqualTo(80);
        assertThat(byName).containsExactlyInAnyOrder("AllProfiles.Manage", "M365AdminPortal.IntegratedApps.ReadWrite");
    }

    private String wids() {
        ObjectNode claims = Calls.claims(calls.redeem(customer, Calls.GRAPH));
        return claims.path("wids").toString();
    }

    private static int total(Map<String, Set<String>> byResource) {
        return byResource.values().stream().mapToInt(Set::size).sum();
    }

    private static HttpClient trusting(SimulatedCertificate certificate) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", certificate.certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }
}
