package dev.cpv.graph.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.internal.failure.PartnerCenterFailures;
import dev.cpv.graph.internal.failure.WireFailures;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.http.WireRequest;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.AuthorizedSender;
import dev.cpv.graph.internal.token.TokenSource;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The customers that the partner resells to, read from Partner Center: see
 * https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers. Every method blocks. Thread-safe.
 */
public final class ResellerCustomers {
    private static final int PER_PAGE = 500;
    private static final String CONTINUATION = "MS-ContinuationToken";

    private final String firstPage;
    private final TokenSource tokens;
    private final Wire wire;
    private final Retries retries;

    /**
     * Creates the client.
     *
     * @param cloud where Partner Center is
     * @param tokens the source of the partner's tokens
     * @param wire sends the requests
     * @param retries repeats them
     */
    public ResellerCustomers(MicrosoftCloud cloud, TokenSource tokens, Wire wire, Retries retries) {
        this.firstPage = cloud.partnerCenterUrl() + "/v1/customers?size=" + PER_PAGE;
        this.tokens = tokens;
        this.wire = wire;
        this.retries = retries;
    }

    /**
     * Lists the customers.
     *
     * @param context the operation
     * @param each takes each customer as its page arrives
     * @return why Partner Center returned no list, for example to a partner who resells nothing; empty if the list is complete
     * @throws TenantDirectoryException if a page cannot be read, or if the partner itself is refused
     */
    Optional<CpvFailure> list(RefreshContext context, Consumer<ResellerCustomer> each) {
        PageChain pages = new PageChain();
        WireAnswer answer = get(context, firstPage, Map.of());
        if (isWithoutList(answer)) {
            return Optional.of(PartnerCenterFailures.classify(answer));
        }
        while (true) {
            if (!answer.isSuccess()) {
                throw new TenantDirectoryException(PartnerCenterFailures.classify(answer), null);
            }
            ObjectNode page = Page.read(answer.body(), "items", item -> each.accept(ResellerCustomer.parse(item)));
            Optional<String> token = continuation(page);
            if (token.isEmpty()) {
                return Optional.empty();
            }
            pages.requireNew(token.get());
            answer = get(context, firstPage + "&seekOperation=Next", Map.of(CONTINUATION, token.get()));
        }
    }

    /** A partner without a reseller programme is refused only here. */
    private static boolean isWithoutList(WireAnswer answer) {
        return answer.status() == 403
                && PartnerCenterFailures.classify(answer).code() != FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED;
    }

    /** The token is a member of the page, a header of its link, or both; the last page has no link. */
    private static Optional<String> continuation(ObjectNode page) {
        JsonNode next = page.path("links").path("next");
        String token = page.path("continuationToken").asText("");
        for (JsonNode header : next.path("headers")) {
            if (token.isEmpty()
                    && CONTINUATION.equalsIgnoreCase(header.path("key").asText())) {
                token = header.path("value").asText("");
            }
        }
        boolean last = page.path("links").isObject() && !next.isObject();
        if (last || (token.isEmpty() && !next.isObject())) {
            return Optional.empty();
        }
        if (token.isEmpty()) {
            throw new TenantDirectoryException(
                    CpvFailure.of(
                            FailureCode.ANSWER_UNREADABLE,
                            "Partner Center reports more customers, but not how to read them"),
                    null);
        }
        return Optional.of(token);
    }

    private WireAnswer get(RefreshContext context, String url, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(more);
        headers.put("Accept", "application/json");
        headers.put("MS-Contract-Version", "v1");
        headers.put("MS-RequestId", UUID.randomUUID().toString());
        headers.put("MS-CorrelationId", context.correlationId().toString());
        WireRequest request = new WireRequest("customers", "GET", URI.create(url), headers, null);
        try {
            return AuthorizedSender.send(
                    tokens.partnerCenterCredential(context),
                    token -> retries.send(
                            context,
                            () -> wire.send(request.withHeader("Authorization", token.authorization()), context),
                            PartnerCenterFailures::isRetryable,
                            true),
                    PartnerCenterFailures::isTokenRenewable);
        } catch (WireException e) {
            throw new TenantDirectoryException(WireFailures.classify(e, context), e);
        }
    }
}
