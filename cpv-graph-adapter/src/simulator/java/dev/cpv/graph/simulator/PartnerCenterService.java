package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Partner Center: consents, customers, web hooks and audit records. */
final class PartnerCenterService implements SimulatedService {
    private static final String CUSTOMERS = "/v1/customers";
    private static final String CONSENTS = "applicationconsents";
    private static final String REGISTRATION = "/webhooks/v1/registration";

    private final World world;
    private final PartnerCenterCaller caller;
    private final ConsentEndpoint consents;
    private final CustomerEndpoint customers;
    private final Webhooks webhooks;

    PartnerCenterService(World world, Webhooks webhooks) {
        this.world = world;
        this.caller = new PartnerCenterCaller(world);
        this.consents = new ConsentEndpoint(world, caller);
        this.customers = new CustomerEndpoint(world);
        this.webhooks = webhooks;
    }

    @Override
    public Route route(WireRequest request) {
        List<String> steps = steps(request.path());
        String tenantId = (steps.isEmpty() ? Optional.<SimulatedTenant>empty() : world.tenant(steps.get(0)))
                .map(SimulatedTenant::id)
                .orElse(world.partner().id());
        return new Route(endpoint(request, steps), tenantId);
    }

    private static Endpoint endpoint(WireRequest request, List<String> steps) {
        if (steps.size() >= 2 && steps.get(1).equalsIgnoreCase(CONSENTS)) {
            return switch (request.method()) {
                case "POST" -> Endpoint.CONSENT_POST;
                case "DELETE" -> Endpoint.CONSENT_DELETE;
                default -> Endpoint.PARTNER_CENTER_OTHER;
            };
        }
        if (request.path().startsWith(CUSTOMERS)) {
            return Endpoint.CUSTOMERS;
        }
        return request.path().startsWith(REGISTRATION) ? Endpoint.WEBHOOKS : Endpoint.PARTNER_CENTER_OTHER;
    }

    /** What follows the customers' path: id, then operation. */
    private static List<String> steps(String path) {
        return path.startsWith(CUSTOMERS + "/")
                ? List.of(path.substring(CUSTOMERS.length() + 1).split("/", -1))
                : List.of();
    }

    @Override
    public WireAnswer answer(WireRequest request, Route route) {
        WireAnswer answer;
        try {
            answer = dispatch(request);
        } catch (Refusal refusal) {
            answer = refusal.answer();
        }
        if (answer.status() >= 400) {
            answer = reshaped(answer, route);
        }
        return traced(answer, request);
    }

    private WireAnswer dispatch(WireRequest request) {
        if (request.path().equals(Webhooks.CERTIFICATE_PATH)) {
            return webhooks.certificate();
        }
        AccessToken token = caller.authenticate(request);
        caller.requireMfa(token);
        String path = request.path();
        if (path.startsWith(REGISTRATION)) {
            return webhooks.answer(request, path.substring(REGISTRATION.length()));
        }
        if (path.startsWith(Webhooks.AUDIT_PATH) && request.method().equals("GET")) {
            return webhooks.auditRecord(path.substring(Webhooks.AUDIT_PATH.length()));
        }
        if (path.equals(CUSTOMERS) && request.method().equals("GET")) {
            return customers.list(request);
        }
        return ofCustomer(request, token, steps(path));
    }

    private WireAnswer ofCustomer(WireRequest request, AccessToken token, List<String> steps) {
        boolean consent = steps.size() >= 2 && steps.get(1).equalsIgnoreCase(CONSENTS);
        if (consent && steps.size() == 2 && request.method().equals("POST")) {
            return consents.post(request, token, steps.get(0));
        }
        if (consent && steps.size() == 3 && request.method().equals("DELETE")) {
            return consents.delete(request, token, steps.get(0), steps.get(2));
        }
        if (steps.size() == 1 && request.method().equals("GET")) {
            return customers.get(steps.get(0));
        }
        throw consent || steps.size() == 1
                ? PartnerCenterErrors.of(405, "405", "Method not allowed")
                : PartnerCenterErrors.notFound();
    }

    /** An error body as a proxy or a broken service sends it, if that is set for the customer. */
    private WireAnswer reshaped(WireAnswer answer, Route route) {
        String tenantId = route.tenantId();
        ErrorBody shape = Optional.ofNullable(tenantId)
                .flatMap(world::tenant)
                .map(tenant -> tenant.behaviour().partnerCenterErrorBody())
                .orElse(ErrorBody.JSON);
        return switch (shape) {
            case JSON -> answer;
            case HTML ->
                WireAnswer.text(
                        answer.status(), "text/html", "<html><body><h1>" + answer.status() + "</h1></body></html>");
            case EMPTY -> WireAnswer.empty(answer.status());
        };
    }

    /** Returns the ids of the request, or new ones if it has none. */
    private WireAnswer traced(WireAnswer answer, WireRequest request) {
        WireAnswer traced = answer;
        for (String name : List.of("MS-RequestId", "MS-CorrelationId")) {
            traced = traced.withHeader(name, request.header(name).orElseGet(world::nextId));
        }
        boolean asked = request.header("ValidateMfa").orElse("").equalsIgnoreCase("true");
        Optional<AccessToken> token = caller.token(request);
        return asked && token.isPresent() ? validated(traced, token.get().mfa()) : traced;
    }

    private WireAnswer validated(WireAnswer answer, boolean mfa) {
        WireAnswer validated = answer;
        Optional<ObjectNode> body = Json.parseObject(answer.body());
        if (world.partnerBehaviour().mfaComplianceInBody() && body.isPresent()) {
            validated = validated.withBody(body.get().put("isMfaCompliant", mfa).toString());
        }
        return world.partnerBehaviour().mfaComplianceHeader()
                ? validated.withHeader("isMfaCompliant", Boolean.toString(mfa))
                : validated;
    }
}
