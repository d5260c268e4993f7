package dev.cpv.graph.simulator;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Microsoft Graph v1.0, limited to applications, their permissions and delegated administration. */
final class GraphService implements SimulatedService {
    private static final String VERSION = "/v1.0";
    private static final String BATCH = VERSION + "/$batch";

    private final World world;
    private final String baseUrl;
    private final boolean contractValidation;
    private final GraphCaller callers;
    private final GraphThrottle throttle = new GraphThrottle();
    private final GraphBatch batches;
    private final Map<String, GraphEndpoint> endpoints = new HashMap<>();

    GraphService(World world, String graphUrl, boolean contractValidation) {
        this.world = world;
        this.baseUrl = graphUrl + VERSION;
        this.contractValidation = contractValidation;
        this.callers = new GraphCaller(world);
        this.batches = new GraphBatch(world.faults(), this::one);
        GraphDelta delta = new GraphDelta();
        GraphGrants grants = new GraphGrants(delta);
        GraphMemberships memberships = new GraphMemberships();
        GraphTenantFacts facts = new GraphTenantFacts();
        GraphDelegatedAdmin delegatedAdmin = new GraphDelegatedAdmin();
        endpoints.put(
                "serviceprincipals",
                new GraphServicePrincipals(new GraphAppRoleAssignments(), grants, memberships, delta));
        endpoints.put("oauth2permissiongrants", grants);
        endpoints.put("directory", new GraphDeletedItems());
        endpoints.put("directoryroles", memberships::roles);
        endpoints.put("groups", memberships::groups);
        endpoints.put("rolemanagement", new GraphRoleManagement());
        endpoints.put("organization", facts::organization);
        endpoints.put("domains", facts::domains);
        endpoints.put("subscribedskus", facts::subscribedSkus);
        endpoints.put("me", facts::me);
        endpoints.put("tenantrelationships", delegatedAdmin);
        endpoints.put("contracts", delegatedAdmin::contracts);
    }

    @Override
    public Route route(WireRequest request) {
        Endpoint endpoint = request.method().equals("GET") ? Endpoint.GRAPH_GET : Endpoint.GRAPH_WRITE;
        return new Route(
                request.path().equals(BATCH) ? Endpoint.BATCH : endpoint,
                callers.tenant(request).map(SimulatedTenant::id).orElse(null));
    }

    @Override
    public WireAnswer answer(WireRequest request, Route route) {
        GraphErrors.Trace trace = trace(request);
        GraphErrorBody shape = Optional.ofNullable(route.tenantId())
                .flatMap(world::tenant)
                .map(tenant -> tenant.behaviour().graphErrorBody())
                .orElse(GraphErrorBody.STANDARD);
        WireAnswer answer;
        try {
            AccessToken token = callers.authenticate(request);
            SimulatedTenant tenant = world.tenant(token.tenantId()).orElseThrow();
            callers.identify(token, tenant);
            GraphSession session = new GraphSession(tenant, token, route, trace);
            answer = request.path().equals(BATCH)
                    ? batches.answer(session, request)
                    : one(session, versionless(request)).toWire();
        } catch (GraphRefusal refusal) {
            answer = GraphErrors.answer(refusal.error(), shape, trace).toWire();
        }
        return traced(answer, trace);
    }

    private static WireRequest versionless(WireRequest request) {
        if (!request.path().startsWith(VERSION + "/")) {
            throw GraphError.malformed("Invalid version: " + request.path().split("/", -1)[1])
                    .refusal();
        }
        return new WireRequest(
                request.method(), request.url().substring(VERSION.length()), request.headers(), request.body());
    }

    /** Answers one request or one part of a batch. */
    private GraphAnswer one(GraphSession session, WireRequest wire) {
        SimulatedTenant tenant = session.tenant();
        GraphRequest request = GraphRequest.parse(wire);
        GraphCost cost = GraphCost.of(request);
        Map<String, String> headers = new HashMap<>();
        headers.put("x-ms-resource-unit", Integer.toString(cost.units()));
        try {
            headers.putAll(throttle.charge(tenant, session.token().appId(), cost, world.now()));
            checkTenant(session);
            GraphEndpoint endpoint = endpoints.get(request.name(0));
            if (endpoint == null) {
                throw GraphError.noSegment(request.step(0).text()).refusal();
            }
            checkContract(session, request);
            return tenant.inDirectory(d -> {
                        d.beginRead();
                        return endpoint.answer(
                                new GraphCall(world, baseUrl, tenant, d, session.token(), request, world.now()));
                    })
                    .withHeaders(headers);
        } catch (GraphRefusal refusal) {
            return GraphErrors.answer(refusal.error(), tenant.behaviour().graphErrorBody(), session.trace())
                    .withHeaders(headers);
        }
    }

    private static void checkTenant(GraphSession session) {
        SimulatedTenant tenant = session.tenant();
        TenantBehaviour behaviour = tenant.behaviour();
        int share = behaviour.throttledShare();
        if (share > 0 && tenant.inDirectory(d -> d.random().nextInt(100)) < share) {
            throw GraphThrottle.early(tenant, session.token().appId()).refusal();
        }
        if (behaviour.deleted() || behaviour.deprovisioned() || behaviour.unreadable()) {
            throw GraphTenantFacts.unreadable().refusal();
        }
    }

    private void checkContract(GraphSession session, GraphRequest request) {
        if (contractValidation) {
            GraphContract.check(request).ifPresent(breach -> {
                world.journal()
                        .add(new WireJournal.ContractViolation(
                                world.now(),
                                session.tenant().id(),
                                request.method(),
                                request.wire().url(),
                                breach.problem()));
                throw GraphError.badRequest("Contract: " + breach.message()).refusal();
            });
        }
    }

    private GraphErrors.Trace trace(WireRequest request) {
        String requestId = world.nextId();
        return new GraphErrors.Trace(
                requestId, request.header("client-request-id").orElse(requestId), world.now());
    }

    private static WireAnswer traced(WireAnswer answer, GraphErrors.Trace trace) {
        return answer.withHeader("request-id", trace.requestId())
                .withHeader("client-request-id", trace.clientRequestId())
                .withHeader(
                        "x-ms-ags-diagnostic",
                        "{\"ServerInfo\":{\"DataCenter\":\"West Europe\",\"Slice\":\"E\",\"Ring\":\"5\",\"ScaleUnit\":\"001\","
                                + "\"RoleInstance\":\"AM4PEPF00000001\"}}")
                .withHeader(
                        "Date",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(trace.at().atOffset(ZoneOffset.UTC)));
    }
}
