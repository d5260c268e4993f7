package dev.cpv;

import static dev.cpv.Fixture.BOOTSTRAP;
import static dev.cpv.Fixture.DEFENDER;
import static dev.cpv.Fixture.GRAPH;
import static dev.cpv.Fixture.GRAPH_ROLE;
import static dev.cpv.Fixture.TENANT;
import static dev.cpv.Fixture.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cpv.PermissionOutcome.Status;
import dev.cpv.model.AppId;
import dev.cpv.model.AppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PermissionType;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantRecord;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenantDirectory.Call.Kind;
import dev.cpv.testing.PassingDirectory;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** R4 to R7: when consent is given, and what counts as its effect. */
class ConsentTest {
    private final Fixture fixture = new Fixture();

    @Test
    void R4_consentIsPostedOnlyWhereItIsMissing() {
        fixture.consented();

        fixture.client.refresh(TENANT);

        assertThat(fixture.writes())
                .allSatisfy(steps -> assertThat(steps).noneMatch(PlanStep.Consent.class::isInstance));
    }

    @Test
    void R4_tenantThatIsNotVisibleYetIsLookedAtAgainAndNotConsented() {
        fixture.inSync();
        PassingDirectory lagging = new PassingDirectory(fixture.directory) {
            private int looks;

            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                ObservedTenant truth = super.observe(session, context, resources);
                return looks++ < 2 ? ObservedTenant.notVisibleYet(TENANT, TenantRoute.CUSTOMER) : truth;
            }
        };

        CpvResult result = fixture.client(lagging).refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(fixture.clock.sleeps()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(fixture.writes()).isEmpty();
    }

    @Test
    void R5_consentIsOneCallForMicrosoftGraphWithTheBootstrapScopes() {
        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(fixture.writes().get(0)).containsExactly(new PlanStep.Consent(GRAPH, BOOTSTRAP));
        assertThat(fixture.writes().stream().flatMap(List::stream).filter(PlanStep.Consent.class::isInstance))
                .hasSize(1);
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.tenant.scopes(GRAPH)).containsAll(BOOTSTRAP).contains("User.Read.All");
    }

    @Test
    void R5_bootstrapScopesAreInEveryResultWithTheirProvenance() {
        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(result.permissions())
                .filteredOn(p -> p.requestedBy().contains(RequiredPermissionSet.BOOTSTRAP))
                .extracting(p -> p.value().orElse("?"), PermissionOutcome::status)
                .containsExactlyInAnyOrderElementsOf(BOOTSTRAP.stream()
                        .map(scope -> Tuple.tuple(scope, PermissionOutcome.Status.GRANTED))
                        .toList());
        assertThat(result.extras()).isEmpty();
    }

    @Test
    void R5_bootstrapScopesAreConfigurable() {
        CpvClient client = fixture.builder(fixture.directory)
                .bootstrapScopes(List.of("Directory.AccessAsUser.All"))
                .build();

        client.refresh(TENANT);

        assertThat(fixture.writes().get(0))
                .containsExactly(new PlanStep.Consent(GRAPH, List.of("Directory.AccessAsUser.All")));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        CpvClient.builder(fixture.directory, Fixture.REQUIRED).bootstrapScopes(List.of()));
    }

    @Test
    void R5_whatAConsentAloneGaveIsToldAsGranted() {
        CpvClient client = CpvClient.create(
                fixture.directory, RequiredPermissionSet.builder("nothing").build());

        CpvResult result = client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(result.permissions())
                .hasSameSizeAs(BOOTSTRAP)
                .extracting(PermissionOutcome::status)
                .containsOnly(Status.GRANTED);
    }

    @Test
    void R5_onlyTheScopesOfAConsentAreToldToHaveComeByIt() {
        // An app role of Graph and a scope of another resource are called the same, and were left when consent went.
        String name = "Application.ReadWrite.All";
        fixture.tenant
                .publish(
                        GRAPH,
                        ResourceDefinition.ofTenant(
                                List.of(new AppRole(GRAPH_ROLE, name, true)), RequiredPermissionSet.bootstrapScopes()))
                .grantAppRole(GRAPH, GRAPH_ROLE)
                .grantScopes(DEFENDER, name);
        RequiredPermissionSet required = RequiredPermissionSet.builder("app")
                .application(GRAPH, GRAPH_ROLE.toString())
                .delegated(DEFENDER, name)
                .build();

        CpvResult result = CpvClient.create(fixture.directory, required).refresh(TENANT);

        assertThat(result.permissions())
                .filteredOn(p -> p.value().orElse("").equals(name))
                .extracting(p -> p.permission().resource(), p -> p.permission().type(), PermissionOutcome::status)
                .containsExactlyInAnyOrder(
                        Tuple.tuple(GRAPH, PermissionType.DELEGATED, Status.GRANTED),
                        Tuple.tuple(GRAPH, PermissionType.APPLICATION, Status.ALREADY_GRANTED),
                        Tuple.tuple(DEFENDER, PermissionType.DELEGATED, Status.ALREADY_GRANTED));
    }

    @Test
    void R5_consentThatWasThereAfterAllHasGivenNothing() {
        fixture.inSync();
        PassingDirectory refusedAtFirst = new PassingDirectory(fixture.directory) {
            private int looks;

            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                ObservedTenant truth = super.observe(session, context, resources);
                return looks++ == 0
                        ? ObservedTenant.notConsented(
                                TENANT,
                                TenantRoute.CUSTOMER,
                                failure(FailureCode.CONSENT_MISSING),
                                truth.resources().values())
                        : truth;
            }
        };

        CpvResult result = fixture.client(refusedAtFirst).refresh(TENANT);

        assertThat(result.steps().values()).containsExactly(StepResult.unchanged());
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(result.permissions()).extracting(PermissionOutcome::status).containsOnly(Status.ALREADY_GRANTED);
    }

    @Test
    void R6_consentThatIsVisibleAtOnceNeedsNoWaiting() {
        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.clock.sleeps()).isEmpty();
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE, Kind.CONSENT, Kind.OBSERVE, Kind.APPLY);
    }

    @Test
    void R6_looksComeAtOnceAndAfterGrowingPausesUntilConsentIsVisible() {
        fixture.tenant.consentVisibleAfter(3);

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.clock.sleeps()).isEqualTo(seconds(1, 2, 4));
    }

    @Test
    void R6_lastLookIsAtTheBound() {
        fixture.tenant.consentVisibleAfter(1_000);

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(fixture.clock.sleeps()).isEqualTo(seconds(1, 2, 4, 8, 16, 30, 30, 30, 30, 29));
        assertThat(fixture.calls())
                .isEqualTo(Stream.concat(
                                Stream.of(Kind.OBSERVE, Kind.CONSENT), Collections.nCopies(11, Kind.OBSERVE).stream())
                        .toList());
        assertNotVisibleYet(result);
    }

    @Test
    void R6_boundIsConfigurableDownToOneLook() {
        fixture.tenant.consentVisibleAfter(1_000);

        CpvResult one = fixture.client.refresh(TENANT, RefreshOptions.defaults().withConsentWait(Duration.ZERO));

        assertNotVisibleYet(one);
        assertThat(fixture.clock.sleeps()).isEmpty();
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE, Kind.CONSENT, Kind.OBSERVE);

        fixture.client.refresh(TENANT, RefreshOptions.defaults().withConsentWait(Duration.ofSeconds(5)));
        assertThat(fixture.clock.sleeps()).isEqualTo(seconds(1, 2, 2));
    }

    @Test
    void R6_failedConsentIsNeverRecordedAsDone() {
        fixture.tenant.consentVisibleAfter(1_000);

        fixture.client.refresh(TENANT);

        assertThat(fixture.journal.find(TENANT).map(TenantRecord::lastOutcome)).contains(RefreshOutcome.FAILED);
    }

    @Test
    void R6_alreadyExistsIsNoProof() {
        PassingDirectory pretending = new PassingDirectory(fixture.directory) {
            @Override
            protected StepResult consent(TenantSession session, RefreshContext context, PlanStep.Consent consent) {
                return StepResult.unchanged();
            }
        };

        CpvResult result = fixture.client(pretending).refresh(TENANT);

        assertNotVisibleYet(result);
        assertThat(result.failure().flatMap(CpvFailure::serviceCode))
                .as("what the token endpoint said last")
                .contains("AADSTS65001");
    }

    @Test
    void R6_consentThatWasAnsweredButNeverSeenIsNotReportedAsGranted() {
        PassingDirectory dropping = new PassingDirectory(fixture.directory) {
            private int looks;

            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                if (looks++ > 0) {
                    throw new TenantDirectoryException(failure(FailureCode.NETWORK_FAILURE), null);
                }
                return super.observe(session, context, resources);
            }
        };

        CpvResult result = fixture.client(dropping).refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.NETWORK_FAILURE);
        assertThat(result.count(PermissionOutcome.Status.FAILED))
                .isEqualTo(result.permissions().size());
        assertThat(result.steps()).containsValue(StepResult.applied());
    }

    @Test
    void R6_refusedConsentEndsTheRefreshWithTheReason() {
        fixture.tenant.failNext(new PlanStep.Consent(GRAPH, BOOTSTRAP), failure(FailureCode.CONSENT_REFUSED));

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.CONSENT_REFUSED);
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE, Kind.CONSENT);
        assertThat(fixture.client.refresh(TENANT).outcome())
                .as("the next refresh tries again")
                .isEqualTo(RefreshOutcome.UPDATED);
    }

    @Test
    void R7_partnerTenantIsNotConsentedButItsGrantsAreRefreshed() {
        fixture.tenant.route(TenantRoute.PARTNER);

        CpvResult before = fixture.client.refresh(TENANT);
        fixture.consented();
        CpvResult after = fixture.client.refresh(TENANT);

        assertThat(before.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(before.failure().map(CpvFailure::code)).contains(FailureCode.CONSENT_ROUTE);
        assertThat(after.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.tenant.appRoles()).anyMatch(role -> role.appRoleId().equals(GRAPH_ROLE));
    }

    private static void assertNotVisibleYet(CpvResult result) {
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.CONSENT_NOT_VISIBLE_YET);
        assertThat(result.worthRetrying()).isTrue();
    }

    private static List<Duration> seconds(int... seconds) {
        return IntStream.of(seconds).mapToObj(Duration::ofSeconds).toList();
    }
}
