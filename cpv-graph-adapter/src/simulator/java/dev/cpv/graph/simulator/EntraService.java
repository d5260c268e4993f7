package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Entra ID: the token endpoint of both versions, and OpenID Connect discovery. */
final class EntraService implements SimulatedService {
    private static final String CLOUD = "https://login.microsoftonline.com";

    /** The parts of a path: tenant, then operation. */
    private record Target(String tenant, String operation) {
        static Target of(String path) {
            int end = path.indexOf('/', 1);
            return end < 0
                    ? new Target(path.substring(1), "")
                    : new Target(path.substring(1, end), path.substring(end));
        }

        boolean token() {
            return operation.equals("/oauth2/v2.0/token") || operation.equals("/oauth2/token");
        }

        boolean discovery() {
            return operation.equals("/v2.0/.well-known/openid-configuration")
                    || operation.equals("/.well-known/openid-configuration");
        }
    }

    private final World world;
    private final String loginUrl;
    private final TokenEndpoint tokens;

    EntraService(World world, String loginUrl) {
        this.world = world;
        this.loginUrl = loginUrl;
        this.tokens = new TokenEndpoint(
                world,
                new ClientAssertions(
                        world,
                        List.of(
                                loginUrl,
                                CLOUD,
                                "https://login.microsoftonline.us",
                                "https://login.chinacloudapi.cn",
                                "https://login.windows.net")));
    }

    @Override
    public Route route(WireRequest request) {
        Target target = Target.of(request.path());
        @Nullable
        String tenantId = world.tenant(target.tenant()).map(SimulatedTenant::id).orElse(null);
        return new Route(endpoint(target, request), tenantId);
    }

    private static Endpoint endpoint(Target target, WireRequest request) {
        if (target.discovery()) {
            return Endpoint.DISCOVERY;
        }
        return switch (request.form().getOrDefault("grant_type", "")) {
            case "refresh_token" -> Endpoint.TOKEN_REFRESH;
            case "client_credentials" -> Endpoint.TOKEN_CLIENT_CREDENTIALS;
            default -> Endpoint.TOKEN_OTHER;
        };
    }

    @Override
    public WireAnswer answer(WireRequest request, Route route) {
        Target target = Target.of(request.path());
        try {
            if (target.discovery() && request.method().equals("GET")) {
                return discovery(TenantNames.resolve(world, target.tenant()));
            }
            if (target.token() && request.method().equals("POST")) {
                boolean v1 = target.operation().equals("/oauth2/token");
                return tokens.issue(request, target.tenant(), v1);
            }
            return WireAnswer.empty(404);
        } catch (EntraRefusal refusal) {
            return error(refusal.error(), request, world.tenant(target.tenant()));
        }
    }

    private WireAnswer discovery(SimulatedTenant tenant) {
        String base = loginUrl + "/" + tenant.id();
        ObjectNode body = Json.object();
        body.put("token_endpoint", base + "/oauth2/v2.0/token");
        body.put("issuer", CLOUD + "/" + tenant.id() + "/v2.0"); // The same for every host.
        body.put("authorization_endpoint", base + "/oauth2/v2.0/authorize");
        body.put("tenant_region_scope", "EU");
        body.put("cloud_instance_name", "microsoftonline.com");
        return WireAnswer.json(200, body);
    }

    /** The error body of the token endpoint. It returns a client's own request id as the correlation id. */
    private WireAnswer error(EntraError error, WireRequest request, Optional<SimulatedTenant> tenant) {
        String traceId = world.nextId();
        String correlationId = request.header("client-request-id").orElse(traceId);
        String timestamp = world.now().toString().substring(0, 19).replace('T', ' ') + "Z";
        String separator =
                tenant.filter(t -> t.behaviour().descriptionLineBreaks()).isPresent() ? "\r\n" : " ";
        ObjectNode body = Json.object();
        body.put("error", error.error());
        body.put(
                "error_description",
                String.join(
                        separator,
                        "AADSTS" + error.code() + ": " + error.message(),
                        "Trace ID: " + traceId,
                        "Correlation ID: " + correlationId,
                        "Timestamp: " + timestamp));
        body.set("error_codes", Json.array().add(error.code()));
        body.put("timestamp", timestamp);
        body.put("trace_id", traceId);
        body.put("correlation_id", correlationId);
        body.put("error_uri", CLOUD + "/error?code=" + error.code());
        if (!error.suberror().isEmpty()) {
            body.put("suberror", error.suberror());
        }
        if (!error.claims().isEmpty()) {
            body.put("claims", error.claims());
        }
        return WireAnswer.json(error.status(), body)
                .withHeader("x-ms-request-id", traceId)
                .withHeader("client-request-id", correlationId);
    }
}
