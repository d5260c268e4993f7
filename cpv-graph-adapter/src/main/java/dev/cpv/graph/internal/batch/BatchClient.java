package dev.cpv.graph.internal.batch;

import dev.cpv.graph.internal.failure.GraphFailures;
import dev.cpv.graph.internal.failure.GraphVerdict;
import dev.cpv.graph.internal.failure.WireFailures;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.http.WireRequest;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.resilience.WriteLimit;
import dev.cpv.graph.internal.token.AccessToken;
import dev.cpv.graph.internal.token.AuthorizedSender;
import dev.cpv.graph.internal.token.ClaimsChallenge;
import dev.cpv.graph.internal.token.Credential;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Priority;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Sends one batch and returns an answer for every part. A batch that was refused completely is repeated here; single parts are
 * repeated by the caller, which knows their meaning (R26). Thread-safe.
 */
public final class BatchClient {
    /** How many parts a batch holds at most. */
    public static final int MAX_PARTS = BatchCodec.MAX_PARTS;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY_REQUESTS = 429;

    private final Wire wire;
    private final Retries retries;
    private final WriteLimit limit;
    private final URI url;

    /**
     * Creates the client.
     *
     * @param wire sends the requests
     * @param retries repeats them
     * @param limit limits the rate of writes
     * @param graphUrl Graph's base URL without a version
     */
    public BatchClient(Wire wire, Retries retries, WriteLimit limit, URI graphUrl) {
        this.wire = wire;
        this.retries = retries;
        this.limit = limit;
        this.url = URI.create(graphUrl + "/v1.0/$batch");
    }

    /**
     * Sends one batch.
     *
     * @param context the operation
     * @param credential the source of tokens
     * @param parts 1 to {@value #MAX_PARTS} parts
     * @return the answers in the order of the parts; if the batch's answer was lost, each part's is lost
     * @throws TenantDirectoryException if there is no token
     */
    public List<BatchResponse> send(RefreshContext context, Credential credential, List<BatchPart> parts) {
        List<BatchResponse> answers = exchange(context, credential, parts);
        List<Integer> challenged = IntStream.range(0, parts.size())
                .filter(place -> challenge(answers.get(place)).isPresent())
                .boxed()
                .toList();
        return challenged.isEmpty() ? answers : sendAgain(context, credential, parts, answers, challenged);
    }

    /** Parts with a claims challenge were not applied, so they are sent once more, with a token that satisfies it. */
    private List<BatchResponse> sendAgain(
            RefreshContext context,
            Credential credential,
            List<BatchPart> parts,
            List<BatchResponse> answers,
            List<Integer> challenged) {
        List<BatchResponse> again;
        try {
            credential.answer(challenge(answers.get(challenged.get(0))).orElseThrow());
            again = exchange(
                    context, credential, challenged.stream().map(parts::get).toList());
        } catch (TenantDirectoryException e) {
            again = forAll(challenged.size(), BatchResponse.refused(e.failure())); // Other parts' answers are kept.
        }
        List<BatchResponse> all = new ArrayList<>(answers);
        for (int index = 0; index < challenged.size(); index++) {
            all.set(challenged.get(index), again.get(index));
        }
        return List.copyOf(all);
    }

    /** Checks the status first, because very few parts have one whose answer is needed as text. */
    private static Optional<ClaimsChallenge> challenge(BatchResponse answer) {
        boolean refused = answer.status() == UNAUTHORIZED || answer.status() == FORBIDDEN;
        return refused ? ClaimsChallenge.in(answer.answer()) : Optional.empty();
    }

    private List<BatchResponse> exchange(RefreshContext context, Credential credential, List<BatchPart> parts) {
        int writes = (int) parts.stream().filter(part -> !part.isRead()).count();
        String body = BatchCodec.encode(parts);
        try {
            WireAnswer answer = AuthorizedSender.send(credential, token -> send(context, token, body, writes));
            List<BatchResponse> answers = answers(answer, parts);
            answers.stream()
                    .filter(part -> part.status() == TOO_MANY_REQUESTS)
                    .forEach(part -> limit.learn(context, part.answer()));
            return answers;
        } catch (WireException e) {
            CpvFailure failure = WireFailures.classify(e, context);
            boolean applied =
                    e.reason() == WireException.Reason.ANSWER_LOST || e.reason() == WireException.Reason.TOO_LARGE;
            return forAll(parts.size(), applied ? BatchResponse.lost(failure) : BatchResponse.refused(failure));
        }
    }

    private WireAnswer send(RefreshContext context, AccessToken token, String body, int writes) throws WireException {
        WireRequest request = new WireRequest("batch", "POST", url, headers(context, token.authorization()), body);
        boolean reads = writes == 0;
        return retries.send(
                context,
                () -> sendInTurn(context, request, writes),
                answer -> Retries.isWorthRepeating(answer.status(), reads),
                reads);
    }

    /** Graph counts each attempt, also a refused one. */
    private WireAnswer sendInTurn(RefreshContext context, WireRequest request, int writes) throws WireException {
        limit.acquire(context, writes);
        WireAnswer answer = wire.send(request, context);
        limit.learn(context, answer);
        return answer;
    }

    private static Map<String, String> headers(RefreshContext context, String authorization) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Authorization", authorization);
        headers.put("Content-Type", "application/json");
        headers.put("Accept", "application/json");
        headers.put("client-request-id", context.correlationId().toString());
        if (context.options().priority() != Priority.MANUAL) {
            headers.put("x-ms-throttle-priority", "Low"); // Graph throttles nightly work before manual work.
        }
        return headers;
    }

    private static List<BatchResponse> answers(WireAnswer answer, List<BatchPart> parts) {
        if (!answer.isSuccess()) {
            CpvFailure failure = GraphFailures.classify(answer);
            boolean applied = answer.status() == 500 || answer.status() == 502 || answer.status() == 504;
            return forAll(parts.size(), applied ? BatchResponse.lost(failure) : BatchResponse.refused(failure));
        }
        CpvFailure unreadable =
                CpvFailure.of(FailureCode.ANSWER_UNREADABLE, "Graph's answer to a batch cannot be read");
        try {
            Map<Integer, BatchResponse> byPlace = BatchCodec.decode(answer.body(), parts.size());
            List<BatchResponse> answers = new ArrayList<>();
            for (int place = 0; place < parts.size(); place++) {
                BatchResponse its = byPlace.getOrDefault(place, BatchResponse.lost(unreadable));
                answers.add(isReadable(its, parts.get(place)) ? its : BatchResponse.lost(unreadable));
            }
            return answers;
        } catch (IOException e) {
            return forAll(parts.size(), BatchResponse.lost(unreadable));
        }
    }

    /** Rejects an incomplete body: a truncated list is not an empty one, and later parts need the id of a created object. */
    private static boolean isReadable(BatchResponse answer, BatchPart part) {
        return answer.verdict() != GraphVerdict.DONE || part.isAnsweredBy(answer.body());
    }

    private static List<BatchResponse> forAll(int parts, BatchResponse fate) {
        return Collections.nCopies(parts, fate);
    }
}
