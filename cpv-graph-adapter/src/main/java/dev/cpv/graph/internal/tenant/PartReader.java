package dev.cpv.graph.internal.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.graph.internal.batch.BatchClient;
import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.BatchResponse;
import dev.cpv.graph.internal.failure.GraphVerdict;
import dev.cpv.graph.internal.failure.WireFailures;
import dev.cpv.graph.internal.http.NextLinks;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.Credential;
import dev.cpv.model.CpvFailure;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads by batches, repeats parts with a temporary refusal, and follows pages. */
final class PartReader {
    private static final int NOT_FOUND = 404;

    private final BatchClient batches;
    private final Retries retries;
    private final NextLinks links;

    PartReader(BatchClient batches, Retries retries, List<URI> graphUrls) {
        this.batches = batches;
        this.retries = retries;
        this.links = new NextLinks(graphUrls);
    }

    /**
     * Reads parts, any number of them.
     *
     * @return the answers: success, or "not found"
     * @throws TenantDirectoryException if the last answer to a part is another one
     */
    Map<BatchPart, BatchResponse> read(RefreshContext context, Credential credential, List<BatchPart> parts) {
        Map<BatchPart, BatchResponse> answers = readAsFarAsAllowed(context, credential, parts);
        answers.values().forEach(PartReader::requireReadable);
        return answers;
    }

    /** Reads parts as {@link #read} does, and returns permanent refusals to the caller as well. */
    Map<BatchPart, BatchResponse> readAsFarAsAllowed(
            RefreshContext context, Credential credential, List<BatchPart> parts) {
        Map<BatchPart, BatchResponse> answers = new LinkedHashMap<>();
        List<BatchPart> open = List.copyOf(parts);
        for (int attempt = 1; !open.isEmpty(); attempt++) {
            for (int from = 0; from < open.size(); from += BatchClient.MAX_PARTS) {
                List<BatchPart> some = open.subList(from, Math.min(from + BatchClient.MAX_PARTS, open.size()));
                List<BatchResponse> received = batches.send(context, credential, some);
                for (int place = 0; place < some.size(); place++) {
                    answers.put(some.get(place), received.get(place));
                }
            }
            open = open.stream().filter(part -> isOpen(answers, part)).toList();
            if (!open.isEmpty()) {
                pause(
                        context,
                        attempt,
                        open.stream().map(part -> answer(answers, part)).toList());
            }
        }
        return answers;
    }

    private static BatchResponse answer(Map<BatchPart, BatchResponse> answers, BatchPart part) {
        return Objects.requireNonNull(answers.get(part));
    }

    private static boolean isOpen(Map<BatchPart, BatchResponse> answers, BatchPart part) {
        BatchResponse answer = answer(answers, part);
        return (answer.verdict() == GraphVerdict.RETRY || answer.verdict() == GraphVerdict.LOOK_UP)
                && answer.status() != NOT_FOUND;
    }

    private static void requireReadable(BatchResponse answer) {
        if (answer.verdict() != GraphVerdict.DONE && answer.status() != NOT_FOUND) {
            throw new TenantDirectoryException(answer.failure(), null);
        }
    }

    private void pause(RefreshContext context, int attempt, List<BatchResponse> open) {
        CpvFailure failure = open.get(0).failure();
        Duration pause = open.stream()
                .map(answer -> retries.pauseAfter(context, answer.answer(), attempt))
                .max(Duration::compareTo)
                .orElseThrow();
        if (attempt >= Retries.MAX_ATTEMPTS || !retries.fits(context, Optional.of(pause))) {
            throw new TenantDirectoryException(
                    failure.toBuilder().retryAfter(pause).build(), null);
        }
        try {
            retries.pause(context, pause);
        } catch (WireException e) {
            throw new TenantDirectoryException(WireFailures.classify(e, context), e);
        }
    }

    /**
     * Returns all values of a collection, including further pages.
     *
     * @param first the answer with the first page
     * @throws TenantDirectoryException if a page cannot be read
     */
    List<JsonNode> values(RefreshContext context, Credential credential, BatchResponse first) {
        List<JsonNode> values = new ArrayList<>();
        BatchResponse page = first;
        while (true) {
            if (page.verdict() != GraphVerdict.DONE) {
                throw new TenantDirectoryException(
                        page.failure(), null); // A list may be empty, but is never "not found".
            }
            page.body().path("value").forEach(values::add);
            String next = page.body().path("@odata.nextLink").asText("");
            if (next.isEmpty()) {
                return values;
            }
            BatchPart part = BatchPart.get(links.path(next));
            page = answer(read(context, credential, List.of(part)), part);
        }
    }
}
