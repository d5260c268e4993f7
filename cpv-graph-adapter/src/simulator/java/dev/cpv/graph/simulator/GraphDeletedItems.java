package dev.cpv.graph.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /directory/deletedItems}: service principals for 30 days after their deletion. */
final class GraphDeletedItems implements GraphEndpoint {
    private static final Duration KEPT = Duration.ofDays(30);

    /** The full type name, and the one with the alias that Microsoft's SDKs write. */
    private static final Set<String> TYPE = Set.of("microsoft.graph.serviceprincipal", "graph.serviceprincipal");

    @Override
    public GraphAnswer answer(GraphCall call) {
        GraphRequest request = call.request();
        if (!request.name(1).equals("deleteditems")) {
            throw GraphError.noSegment(request.step(1).text()).refusal();
        }
        call.require(request.read() ? GraphPermission.READ_APPLICATIONS : GraphPermission.WRITE_APPLICATIONS);
        if (request.shape().equals("GET 3") && TYPE.contains(request.name(2))) {
            return GraphServicePrincipals.COLLECTION.page(
                    call,
                    kept(call).stream()
                            .map(principal -> GraphServicePrincipals.json(
                                    call, principal, call.directory().deletedAt(principal.id())))
                            .toList());
        }
        SimulatedServicePrincipal principal = kept(call).stream()
                .filter(deleted -> deleted.id().equals(request.name(2)))
                .findFirst()
                .orElseThrow(() -> GraphError.notFound(request.step(2).text()).refusal());
        return switch (request.shape() + request.name(3)) {
            case "GET 3" ->
                GraphServicePrincipals.COLLECTION.one(
                        call,
                        GraphServicePrincipals.json(
                                call, principal, call.directory().deletedAt(principal.id())));
            case "DELETE 3" -> {
                call.directory().purgePrincipal(principal.id());
                yield GraphAnswer.noContent();
            }
            case "POST 4restore" -> restore(call, principal);
            default -> throw GraphError.notAllowed().refusal();
        };
    }

    private static GraphAnswer restore(GraphCall call, SimulatedServicePrincipal principal) {
        if (call.directory().principalOf(principal.appId()).isPresent()) {
            throw GraphServicePrincipals.nameInUse(principal.appId());
        }
        call.directory().restorePrincipal(principal.id());
        return GraphServicePrincipals.COLLECTION.one(call, GraphServicePrincipals.json(call, principal));
    }

    private static List<SimulatedServicePrincipal> kept(GraphCall call) {
        return call.directory().deletedPrincipals().stream()
                .filter(principal -> {
                    Optional<Instant> deleted = call.directory().deletedAt(principal.id());
                    return deleted.isEmpty()
                            || call.now().isBefore(deleted.get().plus(KEPT));
                })
                .toList();
    }
}
