package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** Consents of the partner's app in customers' tenants. Thread-safe; refuses by throwing {@link Refusal}. */
final class ConsentEndpoint {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MAX_REPLAYS = 20_000;

    /** The requested scopes of one resource. */
    private record WantedGrant(String resourceAppId, List<String> scopes) {}

    /** The first answer to a request id. */
    private record Replay(WireAnswer answer, Instant at) {}

    private final World world;
    private final PartnerCenterCaller caller;
    private final RateWindow perApp = new RateWindow(SECOND);
    private final RateWindow perCustomer = new RateWindow(SECOND);
    private final ConcurrentMap<String, Replay> replays = new ConcurrentHashMap<>();

    ConsentEndpoint(World world, PartnerCenterCaller caller) {
        this.world = world;
        this.caller = caller;
    }

    WireAnswer post(WireRequest request, AccessToken token, String customerId) {
        SimulatedTenant tenant = customer(token, customerId);
        return once(request, tenant, () -> {
            checkRoles(token, tenant);
            ObjectNode body = Json.parseObject(request.body())
                    .orElseThrow(() -> PartnerCenterErrors.invalid("the body is not a JSON object"));
            checkApplication(body, token);
            List<WantedGrant> wanted = wanted(body);
            return tenant.inDirectory(d -> consent(tenant, d, body, wanted));
        });
    }

    WireAnswer delete(WireRequest request, AccessToken token, String customerId, String appId) {
        SimulatedTenant tenant = customer(token, customerId);
        return once(request, tenant, () -> {
            checkRoles(token, tenant);
            if (!appId.equalsIgnoreCase(token.appId())) {
                throw wrongApplication();
            }
            return tenant.inDirectory(d -> remove(tenant, d, appId));
        });
    }

    // Caller, tenant, frequency

    private SimulatedTenant customer(AccessToken token, String customerId) {
        SimulatedUser user = caller.requireUser(token);
        if (perApp.exceeded(token.appId(), world.partnerBehaviour().requestsPerSecond(), world.now())) {
            throw PartnerCenterErrors.throttled(1);
        }
        caller.requireAdminAgent(user);
        SimulatedTenant tenant = CustomerEndpoint.known(world, customerId);
        if (perCustomer.exceeded(tenant.id(), tenant.behaviour().consentsPerSecond(), world.now())) {
            throw PartnerCenterErrors.throttled(1);
        }
        return tenant;
    }

    private void checkRoles(AccessToken token, SimulatedTenant tenant) {
        SimulatedUser user = caller.requireUser(token);
        if (!DirectoryRoles.managesApplications(world.directoryRoles(user, tenant))) {
            throw tenant.behaviour().forwardDirectoryErrors()
                    ? PartnerCenterErrors.of(
                            400,
                            "2000",
                            "{\"odata.error\":{\"code\":\"Authorization_RequestDenied\",\"message\":{\"lang\":\"en\","
                                    + "\"value\":\"Insufficient privileges to complete the operation.\"}}}")
                    : PartnerCenterErrors.denied();
        }
    }

    /** Handles a request id once and then repeats the first answer: a retry after a timeout must not consent twice. */
    private WireAnswer once(WireRequest request, SimulatedTenant tenant, Supplier<WireAnswer> work) {
        Optional<String> requestId = request.header("MS-RequestId");
        if (requestId.isEmpty()) {
            return answer(work);
        }
        String key = String.join("|", tenant.id(), request.method(), requestId.get());
        // The tenant's lock makes a retry wait for the first try where the two overlap.
        return tenant.inDirectory(d -> {
            Instant now = world.now();
            Duration window = world.partnerBehaviour().idempotencyWindow();
            Replay first = replays.get(key);
            if (first != null && now.isBefore(first.at().plus(window))) {
                return first.answer();
            }
            WireAnswer answer = answer(work);
            if (replays.size() >= MAX_REPLAYS) {
                replays.clear();
            }
            replays.put(key, new Replay(answer, now));
            return answer;
        });
    }

    private static WireAnswer answer(Supplier<WireAnswer> work) {
        try {
            return work.get();
        } catch (Refusal refusal) {
            return refusal.answer();
        }
    }

    // The request

    private void checkApplication(ObjectNode body, AccessToken token) {
        String applicationId = Json.member(body, "applicationId").asText();
        if (applicationId.isEmpty()) {
            throw PartnerCenterErrors.invalid("applicationId");
        }
        if (!applicationId.equalsIgnoreCase(token.appId())) {
            throw wrongApplication();
        }
        if (!world.app().multiTenant()) {
            throw PartnerCenterErrors.invalid("the application is not a multi-tenant application");
        }
        JsonNode displayName = Json.member(body, "displayName");
        if (displayName.isTextual() && !displayName.asText().equals(world.app().displayName())) {
            throw PartnerCenterErrors.invalid("displayName");
        }
    }

    private Refusal wrongApplication() {
        return PartnerCenterErrors.of(
                world.partnerBehaviour().wrongApplicationStatus(),
                "3000",
                "Invalid property: applicationId does not match the application of the token");
    }

    private static List<WantedGrant> wanted(ObjectNode body) {
        List<WantedGrant> wanted = new ArrayList<>();
        for (JsonNode grant : Json.member(body, "applicationGrants")) {
            String resource = Json.member(grant, "enterpriseApplicationId").asText();
            List<String> scopes = Arrays.stream(
                            Json.member(grant, "scope").asText().split(",", -1))
                    .map(String::trim)
                    .filter(scope -> !scope.isEmpty())
                    .toList();
            if (resource.isEmpty() || scopes.isEmpty()) {
                throw PartnerCenterErrors.invalid("applicationGrants");
            }
            wanted.add(new WantedGrant(resource, scopes));
        }
        if (wanted.isEmpty()) {
            throw PartnerCenterErrors.invalid("applicationGrants");
        }
        return wanted;
    }

    // The effect

    private WireAnswer consent(SimulatedTenant tenant, Directory d, ObjectNode body, List<WantedGrant> wanted) {
        wanted.forEach(grant -> checkGrant(tenant, d, grant));
        WireAnswer created = WireAnswer.json(201, body);
        if (tenant.behaviour().consentWithoutEffect()) {
            return created;
        }
        String appId = world.app().appId();
        SimulatedServicePrincipal client = d.principalOf(appId).orElseGet(() -> create(tenant, d, appId));
        for (WantedGrant grant : wanted) {
            SimulatedServicePrincipal resource =
                    d.principalOf(grant.resourceAppId()).orElseGet(() -> create(tenant, d, grant.resourceAppId()));
            d.addGrant(
                    client.id(),
                    resource.id(),
                    null,
                    String.join(" ", grant.scopes()),
                    world.now(),
                    tenant.behaviour().consentGraphDelay());
        }
        d.recordConsent(appId);
        return created;
    }

    private SimulatedServicePrincipal create(SimulatedTenant tenant, Directory d, String appId) {
        return d.createPrincipal(
                appId,
                world.displayNameOf(appId),
                world.now(),
                tenant.behaviour().consentGraphDelay());
    }

    /**
     * Partner Center checks the scope names of a resource, can require its principal, and does not extend an existing
     * grant.
     */
    private void checkGrant(SimulatedTenant tenant, Directory d, WantedGrant grant) {
        ResourceCatalog.Resource definition = tenant.definition(grant.resourceAppId())
                .orElseThrow(() -> PartnerCenterErrors.invalid("enterpriseApplicationId " + grant.resourceAppId()));
        for (String scope : grant.scopes()) {
            if (definition.scopes().stream().noneMatch(known -> known.value().equalsIgnoreCase(scope))) {
                throw PartnerCenterErrors.invalid("scope " + scope);
            }
        }
        Optional<SimulatedServicePrincipal> resource = d.principalOf(grant.resourceAppId());
        if (resource.isEmpty() && tenant.behaviour().consentNeedsResource()) {
            throw PartnerCenterErrors.invalid(
                    "the enterprise application " + grant.resourceAppId() + " does not exist in the customer");
        }
        boolean exists = resource.isPresent()
                && d.principalOf(world.app().appId())
                        .flatMap(client -> d.grant(client.id(), resource.get().id(), null))
                        .isPresent();
        if (exists) {
            throw PartnerCenterErrors.of(
                    world.partnerBehaviour().existingConsentStatus(), "2000", "Permission entry already exists.");
        }
    }

    private WireAnswer remove(SimulatedTenant tenant, Directory d, String appId) {
        if (!d.hasConsentRecord(appId)) {
            throw PartnerCenterErrors.notFound();
        }
        WireAnswer removed = WireAnswer.empty(world.partnerBehaviour().removedConsentStatus());
        if (tenant.behaviour().consentRemovalWithoutEffect()) {
            return removed;
        }
        d.removeConsentRecord(appId);
        d.principalOf(appId).ifPresent(client -> {
            Set<SimulatedGrant> grants = Set.copyOf(d.grantsOf(client.id()));
            grants.stream().filter(SimulatedGrant::tenantWide).forEach(grant -> d.removeGrant(grant.id()));
            if (tenant.behaviour().deletePrincipalWithConsent()) {
                d.deletePrincipal(client.id(), world.now());
            }
        });
        return removed;
    }
}
