package dev.cpv.graph.simulator;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles every request: finds its service by path prefix, applies the fault plan, records the request in the journal.
 * Thread-safe.
 */
final class RequestPipeline implements ResponseDefinitionTransformerV2 {
    static final String LOGIN = "/login";
    static final String PARTNER_CENTER = "/partnercenter";
    static final String GRAPH = "/graph";

    private static final Logger LOG = LoggerFactory.getLogger(RequestPipeline.class);
    private static final SimulatedService.Route NOWHERE = new SimulatedService.Route(Endpoint.UNKNOWN, null);

    private final World world;
    private final Map<String, SimulatedService> services;
    private final Duration latency;

    RequestPipeline(World world, Map<String, SimulatedService> services, Duration latency) {
        this.world = world;
        this.services = services;
        this.latency = latency;
    }

    @Override
    public String getName() {
        return "microsoft-simulator";
    }

    @Override
    public boolean applyGlobally() {
        return true;
    }

    @Override
    public ResponseDefinition transform(ServeEvent event) {
        Request request = event.getRequest();
        String url = request.getUrl();
        for (Map.Entry<String, SimulatedService> service : services.entrySet()) {
            if (url.startsWith(service.getKey() + "/")) {
                return serve(
                        service.getValue(),
                        wire(request, url.substring(service.getKey().length())));
            }
        }
        WireAnswer lost = WireAnswer.text(404, "text/plain", "The simulator has no service at this path.");
        world.journal().add(world.now(), NOWHERE, wire(request, url), lost.status(), lost.parts());
        return definition(lost);
    }

    private ResponseDefinition serve(SimulatedService service, WireRequest request) {
        SimulatedService.Route route = service.route(request);
        WireAnswer answer = world.faults()
                .forRequest(route, request)
                .map(fault -> fault.strike(() -> answer(service, request, route)))
                .orElseGet(() -> answer(service, request, route));
        world.journal().add(world.now(), route, request, answer.status(), answer.parts());
        return definition(answer);
    }

    private static WireAnswer answer(SimulatedService service, WireRequest request, SimulatedService.Route route) {
        try {
            return service.answer(request, route);
        } catch (Refusal refusal) {
            return refusal.answer();
        } catch (RuntimeException e) {
            LOG.error("The simulator failed at {}", request, e);
            return WireAnswer.text(500, "text/plain", "The simulator failed: " + e);
        }
    }

    private ResponseDefinition definition(WireAnswer answer) {
        ResponseDefinitionBuilder builder = ResponseDefinitionBuilder.responseDefinition();
        answer.headers().forEach(builder::withHeader);
        if (!answer.body().isEmpty()) {
            builder.withBody(answer.body());
        }
        long wait = answer.delay().plus(latency).toMillis();
        if (wait > 0) {
            builder.withFixedDelay(Math.toIntExact(wait));
        }
        if (answer.cut()) {
            builder.withFault(Fault.CONNECTION_RESET_BY_PEER);
        } else {
            builder.withStatus(answer.status());
        }
        return builder.build();
    }

    private static WireRequest wire(Request request, String url) {
        Map<String, String> headers = new HashMap<>();
        for (String name : request.getAllHeaderKeys()) {
            headers.put(name, request.getHeader(name));
        }
        return new WireRequest(request.getMethod().value(), url, headers, request.getBodyAsString());
    }
}
