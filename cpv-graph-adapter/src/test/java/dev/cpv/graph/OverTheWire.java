package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome;
import dev.cpv.PermissionOutcome.Status;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.SimulatedGrant;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.WireJournal;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.PermissionType;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Remediation;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A partner whose tokens and definitions are at hand. Every result is held against the tenant's state, and every check reads
 * the state or what crossed the wire.
 */
abstract class OverTheWire {
    static final String ROLES = "/appRoleAssignedTo";
    static final String GRANTS = "/oauth2PermissionGrants";

    SimulatedPartner partner = new SimulatedPartner();

    @BeforeEach
    void start() {
        partner.warm();
    }

    @AfterEach
    void stop() {
        partner.close();
        assertThat(partner.simulator.journal().contractViolations()).isEmpty();
    }

    // Acting

    CpvResult refresh(SimulatedTenant tenant) {
        return checked(tenant, partner.refresh(tenant));
    }

    CpvResult refresh(SimulatedTenant tenant, RefreshOptions options) {
        return checked(tenant, partner.client.refresh(id(tenant), options));
    }

    /** A client over the partner's directory that needs another set of permissions. */
    CpvClient needing(RequiredPermissionSet required) {
        return builder(required).build();
    }

    CpvClient.Builder builder(RequiredPermissionSet required) {
        return CpvClient.builder(partner.directory, required)
                .clock(partner.time)
                .sleeper(partner.time);
    }

    SimulatedTenant inSync(String name) {
        return partner.simulator.addCustomer(name).granted(Fixtures.manifest());
    }

    SimulatedTenant consented(String name) {
        return partner.simulator.addCustomer(name).consented(SimulatedTenant.BOOTSTRAP_SCOPES);
    }

    /** What the manifest asks of one resource. */
    RequiredPermissionSet requiredOf(String resource) {
        RequiredPermissionSet.Builder some = RequiredPermissionSet.builder("some");
        partner.required.permissions().stream()
                .filter(permission -> permission.resource().toString().equals(resource))
                .forEach(some::add);
        return some.build();
    }

    void forget() {
        partner.simulator.journal().clear();
    }

    /** What was slept meanwhile, without the milliseconds that spread consents. */
    List<Duration> sleepsDuring(Runnable work) {
        int before = partner.time.sleeps().size();
        work.run();
        return partner.time.sleeps().stream()
                .skip(before)
                .filter(sleep -> sleep.compareTo(Duration.ofMillis(500)) >= 0)
                .toList();
    }

    static TenantId id(SimulatedTenant tenant) {
        return TenantId.of(tenant.id());
    }

    // What a result may say (R16)

    /** Holds a result against the tenant: it has every required permission once, and claims nothing that is not there. */
    CpvResult checked(SimulatedTenant tenant, CpvResult result) {
        List<RequiredPermission> told =
                result.permissions().stream().map(PermissionOutcome::permission).toList();
        assertThat(told).as(result.toString()).doesNotHaveDuplicates().containsAll(partner.required.permissions());
        claimsNoMoreThanTheStateShows(tenant, result);
        return result;
    }

    void claimsNoMoreThanTheStateShows(SimulatedTenant tenant, CpvResult result) {
        for (PermissionOutcome outcome : result.permissions()) {
            boolean claimed = outcome.status() == Status.GRANTED || outcome.status() == Status.ALREADY_GRANTED;
            if (claimed) {
                assertThat(holds(tenant, outcome)).as(outcome + " is claimed").isTrue();
            }
            if (result.outcome().isInSync()) {
                assertThat(claimed || outcome.status() == Status.NOT_APPLICABLE)
                        .as(outcome + " of a tenant in sync")
                        .isTrue();
            }
        }
    }

    private boolean holds(SimulatedTenant tenant, PermissionOutcome outcome) {
        String resource = outcome.permission().resource().toString();
        String name = outcome.value().orElse(outcome.permission().id());
        if (outcome.permission().type() == PermissionType.APPLICATION) {
            String role = partner.simulator
                    .catalog()
                    .resource(resource)
                    .flatMap(known -> known.appRole(outcome.permission().id()))
                    .map(known -> known.id())
                    .orElse(outcome.permission().id());
            return roles(tenant, resource).contains(role);
        }
        return scopes(tenant, resource).stream().anyMatch(name::equalsIgnoreCase);
    }

    static void assertOutcome(CpvResult result, RefreshOutcome outcome) {
        assertThat(result.outcome()).as(describe(result)).isEqualTo(outcome);
    }

    /** What went wrong, which is what one wants to read of a result of 150 permissions. */
    private static String describe(CpvResult result) {
        StringBuilder text = new StringBuilder(result.toString());
        if (result.outcome() == RefreshOutcome.FAILED) {
            return text.toString();
        }
        missed(result)
                .forEach((permission, code) ->
                        text.append("\n  ").append(permission).append(": ").append(code));
        result.steps()
                .forEach((step, answer) -> answer.failure()
                        .ifPresent(failure -> text.append("\n  ")
                                .append(step.describe())
                                .append(": ")
                                .append(failure)));
        return text.toString();
    }

    /** The tenant could not be seen to, and the failure says why, how far it reaches, and who has to act. */
    static CpvFailure assertFailed(CpvResult result, FailureCode code, FailureScope scope, Remediation.Party party) {
        assertOutcome(result, RefreshOutcome.FAILED);
        CpvFailure failure = result.failure().orElseThrow();
        assertThat(failure.code()).as(failure.toString()).isEqualTo(code);
        assertThat(failure.scope()).isEqualTo(scope);
        assertThat(failure.remediation().party()).isEqualTo(party);
        assertThat(result.permissions())
                .allSatisfy(permission -> assertThat(permission.status()).isEqualTo(Status.FAILED));
        return failure;
    }

    /** The permissions that are neither there nor not applicable, with the code that says why. */
    static Map<String, FailureCode> missed(CpvResult result) {
        Map<String, FailureCode> missed = new TreeMap<>();
        for (PermissionOutcome outcome : result.permissions()) {
            if (outcome.status() == Status.FAILED || outcome.status() == Status.NOT_OFFERED) {
                missed.put(
                        outcome.permission().resource() + " "
                                + outcome.value().orElse(outcome.permission().id()),
                        outcome.failure().orElseThrow().code());
            }
        }
        return missed;
    }

    // The tenant's state

    Set<String> scopes(SimulatedTenant tenant, String resource) {
        return tenant.grantedScopes(partner.clientId()).getOrDefault(resource, Set.of());
    }

    Set<String> roles(SimulatedTenant tenant, String resource) {
        return tenant.grantedAppRoles(partner.clientId()).getOrDefault(resource, Set.of());
    }

    List<SimulatedGrant> grantsOn(SimulatedTenant tenant, String resource) {
        String objectId = tenant.servicePrincipal(resource).orElseThrow().id();
        return tenant.grants(partner.clientId()).stream()
                .filter(grant -> grant.resourceId().equals(objectId) && grant.tenantWide())
                .toList();
    }

    void assertHoldsExactlyTheRequiredSet(SimulatedTenant tenant) {
        assertThat(tenant.grantedAppRoles(partner.clientId())).isEqualTo(partner.requiredAppRoles());
        assertThat(tenant.grantedScopes(partner.clientId())).isEqualTo(partner.requiredScopes());
        assertNothingTwice(tenant);
    }

    /** Maps of sets hide doubles, lists do not. */
    void assertNothingTwice(SimulatedTenant tenant) {
        assertThat(tenant.grants(partner.clientId()).stream()
                        .filter(SimulatedGrant::tenantWide)
                        .map(SimulatedGrant::resourceId)
                        .toList())
                .doesNotHaveDuplicates();
        Set<String> apps = new HashSet<>();
        tenant.servicePrincipals()
                .forEach(principal -> assertThat(apps.add(principal.appId()))
                        .as(principal.appId())
                        .isTrue());
    }

    // The wire

    List<WireJournal.Entry> sent(SimulatedTenant tenant) {
        return partner.simulator.journal().requests(tenant.id());
    }

    int sent(SimulatedTenant tenant, Endpoint endpoint) {
        return partner.simulator.journal().count(tenant.id(), endpoint);
    }

    /** All writes to the tenant's directory, in a batch or alone. */
    List<WireJournal.Part> writes(SimulatedTenant tenant) {
        assertThat(sent(tenant, Endpoint.GRAPH_WRITE))
                .as("writes outside batches")
                .isZero();
        return partner.simulator.journal().parts(tenant.id()).stream()
                .filter(WireJournal.Part::write)
                .toList();
    }

    long writes(SimulatedTenant tenant, String method, String path) {
        return writes(tenant).stream()
                .filter(part -> isWrite(part, method, path))
                .count();
    }

    void assertNothingWritten(SimulatedTenant tenant) {
        assertThat(writes(tenant)).isEmpty();
        assertThat(sent(tenant, Endpoint.CONSENT_POST)).as("consents").isZero();
    }

    /** The batches as their parts' methods, {@code GET}s told once: how writes and looks followed each other. */
    List<String> batches(SimulatedTenant tenant) {
        return sent(tenant).stream()
                .filter(entry -> entry.endpoint() == Endpoint.BATCH)
                .map(entry -> entry.parts().stream()
                        .map(WireJournal.Part::method)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining("+")))
                .toList();
    }

    static boolean isWrite(WireJournal.Part part, String method, String path) {
        return part.method().equals(method) && part.url().contains(path);
    }

    // Faults

    static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    static String graphError(String code, String message) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}}";
    }

    static Map<String, String> retryAfter(String value) {
        return Map.of("Content-Type", "application/json", "Retry-After", value);
    }

    static final String THROTTLED = graphError("TooManyRequests", "Please retry again later.");
}
