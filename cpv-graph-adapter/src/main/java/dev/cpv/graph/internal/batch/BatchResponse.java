package dev.cpv.graph.internal.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cpv.graph.internal.failure.GraphFailures;
import dev.cpv.graph.internal.failure.GraphVerdict;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.model.CpvFailure;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to one part of a batch, or what happened to the whole batch. Immutable. */
public final class BatchResponse {
    private final int status;
    private final Map<String, String> headers;
    private final JsonNode body;
    private final @Nullable CpvFailure fate;
    private final GraphVerdict verdict;

    private BatchResponse(
            int status,
            Map<String, String> headers,
            JsonNode body,
            @Nullable CpvFailure fate,
            @Nullable GraphVerdict verdict) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.fate = fate;
        this.verdict = verdict != null ? verdict : GraphFailures.verdict(answer());
    }

    static BatchResponse of(int status, Map<String, String> headers, JsonNode body) {
        // Success is by far the most frequent answer; its body is not examined further.
        boolean done = status >= 200 && status < 300;
        return new BatchResponse(status, headers, body, null, done ? GraphVerdict.DONE : null);
    }

    /** The batch's answer was lost, so the part may have been applied (R17). */
    static BatchResponse lost(CpvFailure fate) {
        return new BatchResponse(0, Map.of(), MissingNode.getInstance(), fate, GraphVerdict.LOOK_UP);
    }

    /** The whole batch was refused, also on its last attempt, so the part was not applied. */
    static BatchResponse refused(CpvFailure fate) {
        return new BatchResponse(0, Map.of(), MissingNode.getInstance(), fate, GraphVerdict.PERMANENT);
    }

    /**
     * Returns the HTTP status.
     *
     * @return the status; 0 if the whole batch failed
     */
    public int status() {
        return status;
    }

    /**
     * Returns the body.
     *
     * @return the body as parsed; missing if there was none
     */
    public JsonNode body() {
        return body;
    }

    /**
     * Returns the answer as one to a single request.
     *
     * @return the answer with its body as text
     */
    public WireAnswer answer() {
        String text =
                body.isMissingNode() || body.isNull() ? "" : body.isTextual() ? body.textValue() : body.toString();
        return new WireAnswer(status, headers, text);
    }

    /**
     * Returns the verdict.
     *
     * @return the verdict
     */
    public GraphVerdict verdict() {
        return verdict;
    }

    /**
     * Returns why the part failed.
     *
     * @return the failure; meaningless if the verdict is {@link GraphVerdict#DONE}
     */
    public CpvFailure failure() {
        return fate != null ? fate : GraphFailures.classify(answer());
    }
}
