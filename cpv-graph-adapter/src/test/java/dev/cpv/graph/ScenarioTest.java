package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome.Status;
import dev.cpv.RefreshListener;
import dev.cpv.graph.simulator.Checklist;
import dev.cpv.graph.simulator.DirectoryRoles;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.GdapRelationship;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.Unavailability;
import dev.cpv.graph.simulator.WireJournal;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.Notice;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Remediation;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The situations that a partner meets, each with the outcome of a good client; what a whole run does about them is not here. */
class ScenarioTest extends OverTheWire {
    private static final String USER_READ_ALL = "User.Read.All";

    @Test
    @Checklist("10.6-1")
    void aFreshCustomerWithAllLicencesIsConsentedAndPermitted() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Fresh");

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isEqualTo(1);
        assertThat(result.requests())
                .isLessThanOrEqualTo(9)
                .isEqualTo(sent(tenant).size());
        assertThat(result.count(Status.GRANTED) + result.count(Status.NOT_APPLICABLE))
                .isEqualTo(result.permissions().size());
    }

    @Test
    @Checklist("10.6-2")
    void aSecondRunWithoutDriftWritesNothing() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Twice");
        refresh(tenant);
        forget();

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UP_TO_DATE);
        assertNothingWritten(tenant);
        assertThat(sent(tenant)).hasSize(2);
    }

    @Test
    @Checklist("10.6-3")
    void oneNewPermissionIsExactlyOnePostOrPatch() {
        SimulatedTenant role = inSync("One role").removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);
        SimulatedTenant scope = inSync("One scope").removeScopes(ResourceCatalog.GRAPH, Set.of(USER_READ_ALL));
        SimulatedTenant grant = partner.simulator
                .addCustomer("One grant")
                .granted(manifestWithout("c5393580-f805-4401-95e8-94b7a6ef2fc2"));

        for (SimulatedTenant tenant : List.of(role, scope, grant)) {
            assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);
            assertHoldsExactlyTheRequiredSet(tenant);
            assertThat(writes(tenant)).as(tenant.displayName()).hasSize(1);
        }
        assertThat(writes(role, "POST", ROLES)).isEqualTo(1);
        assertThat(writes(scope, "PATCH", GRANTS)).isEqualTo(1);
        assertThat(writes(grant, "POST", GRANTS)).isEqualTo(1);
    }

    @Test
    @Checklist("10.6-4")
    void anExtraIsReportedAndKeptUnlessTheCallerRevokesExtras() {
        SimulatedTenant tenant = inSync("Generous")
                .grantScopes(ResourceCatalog.GRAPH, Set.of("Notes.ReadWrite.All"))
                .assignAppRole(ResourceCatalog.GRAPH, "Application.ReadWrite.OwnedBy");

        CpvResult kept = refresh(tenant);

        assertOutcome(kept, RefreshOutcome.UP_TO_DATE);
        assertThat(kept.extras())
                .extracting(extra -> extra.value() + " " + extra.revoked())
                .containsExactlyInAnyOrder("Application.ReadWrite.OwnedBy false", "Notes.ReadWrite.All false");
        assertNothingWritten(tenant);
        assertThat(scopes(tenant, ResourceCatalog.GRAPH)).contains("Notes.ReadWrite.All");

        CpvResult revoked = refresh(tenant, RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE));

        assertOutcome(revoked, RefreshOutcome.UPDATED);
        assertThat(revoked.extras()).hasSize(2).allMatch(extra -> extra.revoked());
        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(writes(tenant)).extracting(WireJournal.Part::method).containsExactlyInAnyOrder("PATCH", "DELETE");
    }

    @Test
    @Checklist("10.6-5")
    void aCustomerWithoutDefenderAndSharePointGetsTheRest() {
        SimulatedTenant tenant = partner.simulator
                .addCustomer("Small licence")
                .withoutResource(ResourceCatalog.DEFENDER, Unavailability.NO_BACKING_APPLICATION)
                .withoutResource(ResourceCatalog.SHAREPOINT, Unavailability.NO_BACKING_APPLICATION);

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertThat(result.notices()).extracting(Notice::code).containsOnly(FailureCode.RESOURCE_NOT_AVAILABLE);
        assertThat(result.notices())
                .extracting(notice -> notice.resource().toString())
                .containsExactlyInAnyOrder(ResourceCatalog.DEFENDER, ResourceCatalog.SHAREPOINT);
        Map<String, Set<String>> roles = new HashMap<>(partner.requiredAppRoles());
        Map<String, Set<String>> scopes = new HashMap<>(partner.requiredScopes());
        for (String gone : List.of(ResourceCatalog.DEFENDER, ResourceCatalog.SHAREPOINT)) {
            assertThat(roles.remove(gone)).isNotEmpty();
            assertThat(scopes.remove(gone)).isNotEmpty();
        }
        assertThat(tenant.grantedAppRoles(partner.clientId())).isEqualTo(roles);
        assertThat(tenant.grantedScopes(partner.clientId())).isEqualTo(scopes);
    }

    @Test
    @Checklist("10.6-6")
    void aRefreshTokenRevokedMidRunIsAFailureOfThePartnerFromThenOn() {
        List<SimulatedTenant> tenants = List.of(
                partner.simulator.addCustomer("Before"),
                partner.simulator.addCustomer("After one"),
                partner.simulator.addCustomer("After two"));
        assertOutcome(refresh(tenants.get(0)), RefreshOutcome.UPDATED);
        partner.simulator.serviceAccount().revokeSessions();

        for (SimulatedTenant tenant : tenants.subList(1, 3)) {
            forget();
            CpvFailure failure = assertFailed(
                    refresh(tenant),
                    FailureCode.REFRESH_TOKEN_REVOKED,
                    FailureScope.PARTNER,
                    Remediation.Party.PARTNER);
            assertThat(failure.retryable()).isFalse();
            assertThat(failure.serviceCode()).contains("AADSTS50173");
            assertNothingWritten(tenant);
            assertThat(sent(tenant)).hasSize(1);
            // One customer's endpoint never speaks for all: the partner's own was asked before (R28).
            assertThat(sent(partner.simulator.partner(), Endpoint.TOKEN_REFRESH))
                    .isEqualTo(1);
        }
    }

    @Test
    @Checklist("10.6-7")
    void aServiceAccountWithoutMfaIsAFailureOfThePartnerAtTheFirstConsent() {
        SimulatedTenant tenant = partner.simulator.addCustomer("First of the run");
        try (GraphTenantDirectory directory = withRefreshToken(partner.simulator.refreshToken(false))) {
            CpvResult result = checked(tenant, partner.client(directory).refresh(id(tenant)));

            CpvFailure failure = assertFailed(
                    result, FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED, FailureScope.PARTNER, Remediation.Party.PARTNER);
            assertThat(failure.serviceCode()).contains("900421");
            assertThat(failure.retryable()).isFalse();
            assertThat(failure.remediation().action()).contains("service account");
        }
        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isEqualTo(1);
        assertThat(writes(tenant)).isEmpty();
        assertThat(tenant.servicePrincipal(partner.clientId())).isEmpty();
    }

    @Test
    @Checklist("10.6-8")
    void aTerminatedRelationshipIsToldAtOnceAndNotRetried() {
        SimulatedTenant tenant =
                partner.simulator.addCustomer("Terminated").relationshipStatus(GdapRelationship.Status.TERMINATED);

        CpvResult result = refresh(tenant);

        CpvFailure failure = assertFailed(
                result, FailureCode.DELEGATED_ADMIN_MISSING, FailureScope.TENANT, Remediation.Party.PARTNER);
        assertThat(failure.retryable()).isFalse();
        assertThat(result.worthRetrying()).isFalse();
        assertThat(sent(tenant)).hasSize(1);
        assertNothingWritten(tenant);
    }

    @Test
    @Checklist("10.6-9")
    void aRelationshipAcceptedTwoMinutesAgoNeedsTimeAndIsDoneLater() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Just accepted");
        tenant.behaviour().relationshipPropagation(Duration.ofMinutes(15));
        partner.time.advance(Duration.ofMinutes(2));

        CpvFailure failure = assertFailed(
                refresh(tenant), FailureCode.DELEGATED_ADMIN_MISSING, FailureScope.TENANT, Remediation.Party.PARTNER);

        assertThat(failure.remediation().action()).contains("15 minutes");
        assertNothingWritten(tenant);
        partner.time.advance(Duration.ofMinutes(15));
        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    @Checklist("10.6-10")
    void aRoleThatTheRelationshipLacksIsNamed() {
        Set<String> standard = DirectoryRoles.STANDARD;
        SimulatedTenant noConsent = partner.simulator
                .addCustomer("No application administrator")
                .relationshipRoles(without(
                        standard,
                        DirectoryRoles.APPLICATION_ADMINISTRATOR,
                        DirectoryRoles.CLOUD_APPLICATION_ADMINISTRATOR));
        noConsent.behaviour().forwardDirectoryErrors(true);

        CpvFailure refused = assertFailed(
                refresh(noConsent),
                FailureCode.DELEGATED_ADMIN_ROLE_MISSING,
                FailureScope.TENANT,
                Remediation.Party.PARTNER);
        assertThat(refused.remediation().action()).contains("Cloud Application Administrator");
        assertThat(sent(noConsent, Endpoint.CONSENT_POST)).isEqualTo(1);
        assertThat(writes(noConsent)).isEmpty();

        SimulatedTenant noGraphRoles = partner.simulator
                .addCustomer("No privileged role administrator")
                .relationshipRoles(without(standard, DirectoryRoles.PRIVILEGED_ROLE_ADMINISTRATOR));

        CpvResult result = refresh(noGraphRoles);

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(missed(result).keySet())
                .hasSameSizeAs(partner.requiredAppRoles().getOrDefault(ResourceCatalog.GRAPH, Set.of()))
                .allMatch(key -> key.startsWith(ResourceCatalog.GRAPH));
        assertThat(missed(result).values()).containsOnly(FailureCode.DELEGATED_ADMIN_ROLE_MISSING);
        assertThat(result.permissions().stream().flatMap(p -> p.failure().stream()))
                .filteredOn(failure -> failure.code() == FailureCode.DELEGATED_ADMIN_ROLE_MISSING)
                .allSatisfy(failure ->
                        assertThat(failure.remediation().action()).contains("Privileged Role Administrator"));
        assertThat(result.worthRetrying()).isFalse();
        assertThat(roles(noGraphRoles, ResourceCatalog.GRAPH)).isEmpty();
        assertThat(roles(noGraphRoles, ResourceCatalog.EXCHANGE)).hasSize(3);
        assertThat(noGraphRoles.grantedScopes(partner.clientId())).isEqualTo(partner.requiredScopes());
    }

    @Test
    @Checklist("10.6-11")
    void aConditionalAccessPolicyIsTheCustomersToMend() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Strict");
        tenant.behaviour().refuseTokens(53003);

        CpvFailure failure = assertFailed(
                refresh(tenant),
                FailureCode.CONDITIONAL_ACCESS_BLOCKED,
                FailureScope.TENANT,
                Remediation.Party.CUSTOMER);

        assertThat(failure.remediation().action()).contains("Conditional Access");
        assertThat(failure.serviceCode()).contains("AADSTS53003");
        assertThat(sent(tenant)).hasSize(1);
        assertNothingWritten(tenant);
    }

    @Test
    @Checklist("10.6-12")
    void aDeletedTenantIsGoneAndNotRetried() {
        SimulatedTenant deleted = partner.simulator.addCustomer("Deleted");
        deleted.behaviour().deleted(true);
        SimulatedTenant deprovisioned = partner.simulator.addCustomer("Deprovisioned");
        deprovisioned.behaviour().deprovisioned(true);

        for (SimulatedTenant tenant : List.of(deleted, deprovisioned)) {
            CpvResult result = refresh(tenant);
            CpvFailure failure =
                    assertFailed(result, FailureCode.TENANT_GONE, FailureScope.TENANT, Remediation.Party.PARTNER);
            assertThat(failure.retryable()).isFalse();
            assertThat(result.worthRetrying()).isFalse();
            assertThat(sent(tenant)).hasSize(1);
            assertNothingWritten(tenant);
        }
    }

    @Test
    @Checklist("10.6-13")
    void aConsentThatNeverTakesEffectFailsWithEvidenceAndIsNotRemembered() {
        RefreshJournal journal = new InMemoryRefreshJournal();
        CpvClient client = builder(partner.required).journal(journal).build();
        SimulatedTenant tenant = partner.simulator.addCustomer("Without effect");
        tenant.behaviour().consentWithoutEffect(true);

        CpvResult result = checked(tenant, client.refresh(id(tenant)));

        CpvFailure failure = assertFailed(
                result, FailureCode.CONSENT_NOT_VISIBLE_YET, FailureScope.TENANT, Remediation.Party.NOBODY);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.serviceCode()).contains("AADSTS65001");
        assertThat(failure.requestId()).isNotEmpty();
        assertThat(failure.message()).contains("180 s");
        assertThat(writes(tenant)).isEmpty();
        assertThat(journal.find(id(tenant)).orElseThrow().lastOutcome()).isEqualTo(RefreshOutcome.FAILED);

        tenant.behaviour().consentWithoutEffect(false);
        assertOutcome(checked(tenant, client.refresh(id(tenant))), RefreshOutcome.UPDATED);
        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isEqualTo(2);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    @Checklist("10.6-14")
    void aServicePrincipalThatTheCustomerDeletedIsConsentedAgain() {
        SimulatedTenant tenant = inSync("Deleted the app");
        refresh(tenant);
        tenant.deleteServicePrincipal(partner.clientId());
        assertThat(tenant.grantedScopes(partner.clientId())).isEmpty();

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isEqualTo(1);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    @Checklist("10.6-15")
    void anAppRoleThatMicrosoftDisabledOrRemovedIsSkippedWithItsName() {
        String exchangeAsApp = "dc50a0fb-09a3-484d-be87-e023b12c6440";
        SimulatedTenant disabled = partner.simulator.addCustomer("Disabled role");
        disabled.behaviour().disableAppRole(ResourceCatalog.EXCHANGE, exchangeAsApp);
        SimulatedTenant removed = partner.simulator.addCustomer("Removed role");
        removed.behaviour().withdrawAppRole(ResourceCatalog.EXCHANGE, exchangeAsApp);

        for (SimulatedTenant tenant : List.of(disabled, removed)) {
            CpvResult result = refresh(tenant);

            assertOutcome(result, RefreshOutcome.PARTIAL);
            assertThat(result.failure()).isEmpty();
            assertThat(missed(result))
                    .containsExactly(Map.entry(
                            ResourceCatalog.EXCHANGE + " Exchange.ManageAsApp", FailureCode.PERMISSION_NOT_OFFERED));
            assertThat(result.count(Status.NOT_OFFERED)).isEqualTo(1);
            assertThat(result.worthRetrying()).isFalse();
            Set<String> left = new TreeSet<>(partner.requiredAppRoles().get(ResourceCatalog.EXCHANGE));
            left.remove(exchangeAsApp);
            assertThat(roles(tenant, ResourceCatalog.EXCHANGE)).isEqualTo(left);
            assertThat(roles(tenant, ResourceCatalog.GRAPH))
                    .isEqualTo(partner.requiredAppRoles().get(ResourceCatalog.GRAPH));
            assertThat(tenant.grantedScopes(partner.clientId())).isEqualTo(partner.requiredScopes());
        }
    }

    @Test
    @Checklist("10.6-16")
    void aStormOf429IsRiddenOutWithoutDoubles() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Storm");
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.TOKEN_REFRESH)
                .times(2)
                .respond(429, retryAfter("3"), "");
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.CONSENT_POST)
                .times(2)
                .respond(
                        429,
                        retryAfter("7"),
                        "{\"statusCode\":429,\"message\":\"Rate limit is exceeded. Try again in 7 seconds.\"}");
        partner.simulator.faults().on(tenant.id(), Endpoint.BATCH).times(2).respond(429, retryAfter("11"), THROTTLED);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "GET", "/servicePrincipals")
                .times(3)
                .respond(429, retryAfter("13"), THROTTLED);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", ROLES)
                .times(25)
                .respond(429, retryAfter("17"), THROTTLED);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", GRANTS)
                .times(5)
                .respond(429, retryAfter("2.5"), THROTTLED);

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
        // What was taken was sent once: nothing that was done is sent again with what was turned away.
        assertThat(writes(tenant)).filteredOn(part -> part.status() == 429).hasSize(30);
        assertThat(writes(tenant))
                .filteredOn(part -> part.status() != 429)
                .allMatch(part -> part.status() == 201 || part.status() == 204)
                .hasSize(partner.requiredAppRoles().values().stream()
                                .mapToInt(Set::size)
                                .sum()
                        + partner.requiredScopes().size());
        assertThat(partner.time.sleeps())
                .contains(Duration.ofSeconds(3), Duration.ofSeconds(7), Duration.ofSeconds(11), Duration.ofSeconds(13));
    }

    @Test
    @Checklist("10.6-17")
    void anAnswerLostAfterItsEffectDoesNoHarmWhateverTheWriteWas() {
        SimulatedTenant tenant =
                partner.simulator.addCustomer("Lossy").withoutServicePrincipal(ResourceCatalog.DEFENDER);
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.CONSENT_POST)
                .afterEffect()
                .reset();
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", ROLES)
                .afterEffect()
                .respond(504);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", GRANTS)
                .afterEffect()
                .respond(504);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "PATCH", GRANTS)
                .afterEffect()
                .respond(504);
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.BATCH)
                .when(request -> request.body().contains("\"POST\""))
                .nth(2)
                .afterEffect()
                .reset();
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", "/servicePrincipals")
                .afterEffect()
                .when(part -> part.path().endsWith("/servicePrincipals"))
                .respond(502);

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
        // Nothing was refused as a double, so nothing that had taken effect was sent again.
        assertThat(writes(tenant)).noneMatch(part -> part.status() == 400 || part.status() == 409);
        forget();
        assertOutcome(refresh(tenant), RefreshOutcome.UP_TO_DATE);
        assertNothingWritten(tenant);
    }

    /** A smaller fleet than the scenario's thousand, of tenants that need little, so that the build stays fast. */
    @Test
    @Checklist("10.6-18")
    void manyTenantsInParallelKeepWithinTheQuotasAndDoNotWaitForEachOther() throws Exception {
        int fleet = 200;
        RacingClock time = new RacingClock();
        try (MicrosoftSimulator simulator =
                        MicrosoftSimulator.builder().seed(18).clock(time).build();
                GraphTenantDirectory directory = Directories.over(
                                simulator, simulator.credentials().refreshToken())
                        .clock(time)
                        .sleeper(time)
                        .quotaShare(0.5)
                        .build()) {
            RequiredPermissionSet required = requiredOf(ResourceCatalog.EXCHANGE);
            CpvClient client = CpvClient.builder(directory, required)
                    .clock(time)
                    .sleeper(time)
                    .build();
            List<SimulatedTenant> tenants = new ArrayList<>();
            for (int i = 0; i < fleet; i++) {
                SimulatedTenant tenant = simulator.addCustomer("Fleet " + i);
                tenants.add(i % 2 == 0 ? tenant : tenant.consented(SimulatedTenant.BOOTSTRAP_SCOPES));
            }
            SimulatedTenant throttled = tenants.get(1);
            simulator.faults().on(throttled.id(), Endpoint.BATCH).times(4).respond(429, retryAfter("60"), THROTTLED);

            Map<SimulatedTenant, Duration> waited = new ConcurrentHashMap<>();
            inParallel(16, tenants, tenant -> {
                time.startCounting();
                CpvResult result = client.refresh(id(tenant));
                waited.put(tenant, time.counted());
                assertOutcome(result, RefreshOutcome.UPDATED);
            });

            String app = simulator.app().appId();
            assertThat(tenants).allSatisfy(tenant -> {
                assertThat(tenant.grantedAppRoles(app).get(ResourceCatalog.EXCHANGE))
                        .hasSize(3);
                assertThat(tenant.grantedScopes(app).get(ResourceCatalog.EXCHANGE))
                        .hasSize(3);
                assertThat(tenant.grants(app)).hasSize(2);
            });
            assertThat(simulator.journal().requests())
                    .filteredOn(entry -> entry.status() == 429)
                    .as("requests over a quota")
                    .hasSize(4)
                    .allMatch(entry -> throttled.id().equals(entry.tenantId()));
            assertThat(simulator.journal().count(Endpoint.CONSENT_POST)).isEqualTo(fleet / 2);
            assertThat(simulator.journal().requests(simulator.partner().id()))
                    .as("one token for Graph, one for Partner Center, one look at definitions")
                    .hasSize(3);
            assertThat(waited.remove(throttled)).isGreaterThanOrEqualTo(Duration.ofMinutes(4));
            assertThat(waited.values()).allMatch(wait -> wait.compareTo(Duration.ofSeconds(30)) < 0);
        }
    }

    private static void inParallel(int threads, List<SimulatedTenant> tenants, Consumer<SimulatedTenant> work)
            throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            tenants.forEach(tenant -> running.add(executor.submit(() -> work.accept(tenant))));
            for (Future<?> one : running) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    @Checklist("10.6-19")
    void twoRunsAtOnceOnOneTenantMakeNoDoublesAndLoseNoScopes() throws Exception {
        SimulatedTenant fresh = partner.simulator.addCustomer("Fresh for two");
        SimulatedTenant bare = consented("Bare for two");
        SimulatedTenant drifted = inSync("Drifted for two").removeScopes(ResourceCatalog.GRAPH, Set.of(USER_READ_ALL));

        for (SimulatedTenant tenant : List.of(fresh, bare, drifted)) {
            for (CpvResult result : twiceAtOnce(tenant)) {
                assertThat(result.outcome().isInSync()).as(result.toJson()).isTrue();
                checked(tenant, result);
            }
            assertHoldsExactlyTheRequiredSet(tenant);
        }
        assertThat(fresh.servicePrincipals().stream().filter(sp -> sp.appId().equals(partner.clientId())))
                .hasSize(1);
    }

    /** Two processes, as it were: nothing is shared but the tenant, and both have planned before one of them writes. */
    private List<CpvResult> twiceAtOnce(SimulatedTenant tenant) throws Exception {
        CyclicBarrier bothPlanned = new CyclicBarrier(2);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (GraphTenantDirectory one = partner.directory();
                GraphTenantDirectory two = partner.directory()) {
            List<Future<CpvResult>> runs = new ArrayList<>();
            for (GraphTenantDirectory directory : List.of(one, two)) {
                CpvClient client = CpvClient.builder(directory, partner.required)
                        .clock(partner.time)
                        .sleeper(partner.time)
                        .addListener(new RefreshListener() {
                            private boolean first = true;

                            @Override
                            public void planned(RefreshContext context, CpvRefreshPlan plan) {
                                if (first) {
                                    first = false;
                                    meet(bothPlanned);
                                }
                            }
                        })
                        .build();
                runs.add(executor.submit(() -> client.refresh(id(tenant))));
            }
            List<CpvResult> results = new ArrayList<>();
            for (Future<CpvResult> run : runs) {
                results.add(run.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("The other run did not plan", e);
        }
    }

    @Test
    @Checklist("10.6-20")
    void aScopeStringThatWouldBeTooLongIsRefusedBeforeItIsSent() {
        SimulatedTenant tenant =
                inSync("Too many").scopeString(ResourceCatalog.EXCHANGE, "Exchange.Manage " + "x".repeat(3800));

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(missed(result))
                .containsOnly(
                        Map.entry(ResourceCatalog.EXCHANGE + " Calendars.ReadWrite.All", FailureCode.SCOPE_TOO_LONG),
                        Map.entry(ResourceCatalog.EXCHANGE + " MailboxSettings.ReadWrite", FailureCode.SCOPE_TOO_LONG));
        assertNothingWritten(tenant);
        assertThat(scopes(tenant, ResourceCatalog.EXCHANGE)).hasSize(2);
    }

    private String manifestWithout(String resource) {
        RequiredPermissionSet.Builder rest = RequiredPermissionSet.builder("rest");
        partner.required.permissions().stream()
                .filter(permission -> !permission.resource().toString().equals(resource))
                .forEach(rest::add);
        return "{\"requiredResourceAccess\":" + rest.build().toManifestJson() + "}";
    }

    private static Set<String> without(Set<String> roles, String... gone) {
        Set<String> left = new TreeSet<>(roles);
        left.removeAll(Set.of(gone));
        return left;
    }

    private GraphTenantDirectory withRefreshToken(String refreshToken) {
        return Directories.over(partner.simulator, refreshToken)
                .clock(partner.time)
                .sleeper(partner.time)
                .build();
    }
}
