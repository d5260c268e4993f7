package dev.cpv.graph.simulator;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks requests against Microsoft's published description of Graph, limited to the subset in
 * {@code graph-v1.0-subset.yaml}. Requests that Microsoft documents and that file does not contain pass: other paths,
 * other methods, functions, navigation from an alternate key.
 */
final class GraphContract {
    /** A breach: the message for the client, and the text for the journal. */
    record Breach(String message, String problem) {}

    /** Loaded once for all simulators, and only if one of them checks requests. */
    private static final class Published {
        static final OpenApiInteractionValidator VALIDATOR =
                OpenApiInteractionValidator.createForInlineApiSpecification(Fixtures.read("graph-v1.0-subset.yaml"))
                        .withBasePathOverride("/")
                        .withLevelResolver(LevelResolver.create()
                                .withLevel(
                                        "validation.request.parameter.query.unexpected", ValidationReport.Level.ERROR)
                                .build())
                        .build();

        private Published() {}
    }

    private static final Set<String> NOT_IN_FILE =
            Set.of("validation.request.path.missing", "validation.request.operation.notAllowed");
    private static final Set<String> FUNCTIONS = Set.of("delta", "microsoft.graph.delta", "$count");

    private GraphContract() {}

    static Optional<Breach> check(GraphRequest request) {
        if (FUNCTIONS.contains(request.name(request.size() - 1))) {
            return Optional.empty();
        }
        List<ValidationReport.Message> problems = new ArrayList<>();
        for (ValidationReport.Message message :
                Published.VALIDATOR.validateRequest(published(request)).getMessages()) {
            if (NOT_IN_FILE.contains(message.getKey())) {
                return Optional.empty();
            }
            if (message.getLevel() == ValidationReport.Level.ERROR) {
                problems.add(message);
            }
        }
        return problems.isEmpty() ? Optional.empty() : Optional.of(breach(problems));
    }

    private static Breach breach(List<ValidationReport.Message> problems) {
        List<String> messages = new ArrayList<>();
        List<String> places = new ArrayList<>();
        for (ValidationReport.Message problem : problems) {
            messages.add(problem.getMessage());
            places.add(problem.getKey() + place(problem));
        }
        return new Breach(String.join("; ", messages), String.join("; ", places));
    }

    private static String place(ValidationReport.Message problem) {
        return problem.getContext()
                .map(context -> context.getPointers()
                        .map(pointers -> " at " + pointers.getInstance())
                        .or(() -> context.getParameter().map(parameter -> " of " + parameter.getName()))
                        .orElse(""))
                .orElse("");
    }

    private static Request published(GraphRequest request) {
        WireRequest wire = request.wire();
        String path = wire.path().replace("'", "%27").replace(" ", "%20");
        SimpleRequest.Builder builder = new SimpleRequest.Builder(wire.method(), path);
        request.options().forEach(builder::withQueryParam);
        wire.header("Content-Type").ifPresent(builder::withContentType);
        wire.header("ConsistencyLevel").ifPresent(level -> builder.withHeader("ConsistencyLevel", level));
        if (!wire.body().isEmpty()) {
            builder.withBody(wire.body());
        }
        return builder.build();
    }
}
