package dev.cpv.graph.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.internal.failure.GraphFailures;
import dev.cpv.graph.internal.failure.PartnerCenterFailures;
import dev.cpv.graph.internal.failure.WireFailures;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.http.WireRequest;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.AccessToken;
import dev.cpv.graph.internal.token.TokenSource;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.Remediation;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks Graph for the partner's delegated admin relationships, and Partner Center for its customers, both in the partner's own
 * tenant. Every method blocks; a page that cannot be had fails the call. Thread-safe.
 */
public final class PartnerCustomers {
    /** What a relationship's id is made of. */
    public static final Pattern RELATIONSHIP_ID = Pattern.compile("[0-9A-Za-z-]{1,100}");

    private static final String RELATIONSHIPS = "/v1.0/tenantRelationships/delegatedAdminRelationships";

    /** Names are asked for since they tell relationships of Microsoft's own apart (API §3.2). */
    private static final String FIELDS = "$select=id,displayName,customer,accessDetails,status,activatedDateTime,"
            + "endDateTime,autoExtendDuration";

    private static final int RELATIONSHIPS_A_PAGE = 300;
    private static final int CUSTOMERS_A_PAGE = 500;
    private static final int MAX_PAGES = 10_000;
    private static final String CONTINUATION = "MS-ContinuationToken";

    private final TenantId partnerTenant;
    private final MicrosoftCloud cloud;
    private final TokenSource tokens;
    private final Wire wire;
    private final Retries retries;
    private final Clock clock;
    private final Set<String> graphOrigins;

    /**
     * Creates the client.
     *
     * @param partnerTenant the partner's own tenant
     * @param cloud where Graph and Partner Center are
     * @param tokens gives the partner's tokens
     * @param wire sends the requests
     * @param retries repeats them
     * @param clock the clock that deadlines are taken from
     */
    public PartnerCustomers(
            TenantId partnerTenant, MicrosoftCloud cloud, TokenSource tokens, Wire wire, Retries retries, Clock clock) {
        this.partnerTenant = partnerTenant;
        this.cloud = cloud;
        this.tokens = tokens;
        this.wire = wire;
        this.retries = retries;
        this.clock = clock;
        this.graphOrigins = Stream.of(cloud.graphUrl(), cloud.graphAudience())
                .map(Wire::origin)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the cloud.
     *
     * @return the cloud that is asked
     */
    public MicrosoftCloud cloud() {
        return cloud;
    }

    /**
     * Returns the current time.
     *
     * @return the time by the directory's clock
     */
    public Instant now() {
        return clock.instant();
    }

    /**
     * Returns what repeats requests.
     *
     * @return the directory's retries
     */
    public Retries retries() {
        return retries;
    }

    /**
     * Returns the clock.
     *
     * @return the directory's clock
     */
    public Clock clock() {
        return clock;
    }

    /**
     * Starts an operation of the partner's own.
     *
     * @param timeout how long it may take
     * @param cancellation the caller's means to stop early
     * @return a new context
     */
    public RefreshContext begin(Duration timeout, Cancellation cancellation) {
        RefreshOptions options = RefreshOptions.defaults().withTimeout(timeout).withCancellation(cancellation);
        return RefreshContext.start(partnerTenant, TenantRoute.PARTNER, options, clock.instant());
    }

    /**
     * Lists the relationships, of every status.
     *
     * @param context the operation
     * @param each takes each relationship as its page comes
     * @throws TenantDirectoryException if a page cannot be had
     */
    public void relationships(RefreshContext context, Consumer<Relationship> each) {
        URI url = URI.create(cloud.graphUrl() + RELATIONSHIPS + "?$top=" + RELATIONSHIPS_A_PAGE + "&" + FIELDS);
        Set<String> seen = new HashSet<>();
        while (true) {
            String body = requireSuccess(graph(context, url)).body();
            ObjectNode page = Page.read(body, "value", item -> each.accept(Relationship.parse(item)));
            String next = page.path("@odata.nextLink").asText("");
            if (next.isEmpty()) {
                return;
            }
            requireNew(seen, next);
            url = onConfiguredHost(next);
        }
    }

    /**
     * Reads one relationship.
     *
     * @param context the operation
     * @param id its id, as {@link #RELATIONSHIP_ID} has it
     * @return the relationship, or empty if there is none
     * @throws TenantDirectoryException if that cannot be told
     */
    public Optional<Relationship> relationship(RefreshContext context, String id) {
        if (!RELATIONSHIP_ID.matcher(id).matches()) {
            return Optional.empty();
        }
        WireAnswer answer = graph(context, URI.create(cloud.graphUrl() + RELATIONSHIPS + "/" + id + "?" + FIELDS));
        return answer.status() == 404
                ? Optional.empty()
                : Optional.of(
                        Relationship.parse(Page.object(requireSuccess(answer).body())));
    }

    /**
     * Lists the customers of Partner Center.
     *
     * @param context the operation
     * @param each takes each customer as its page comes
     * @return why Partner Center gave no list, as to a partner who resells nothing; empty if it gave all
     * @throws TenantDirectoryException if a page cannot be had
     */
    Optional<CpvFailure> resellerCustomers(RefreshContext context, Consumer<ResellerCustomer> each) {
        String first = cloud.partnerCenterUrl() + "/v1/customers?size=" + CUSTOMERS_A_PAGE;
        WireAnswer answer = partnerCenter(context, URI.create(first), Map.of());
        if (answer.status() == 403) {
            return Optional.of(PartnerCenterFailures.classify(answer));
        }
        Set<String> seen = new HashSet<>();
        while (true) {
            if (!answer.isSuccess()) {
                throw new TenantDirectoryException(PartnerCenterFailures.classify(answer), null);
            }
            ObjectNode page = Page.read(answer.body(), "items", item -> each.accept(ResellerCustomer.parse(item)));
            Optional<String> token = continuation(page);
            if (token.isEmpty()) {
                return Optional.empty();
            }
            requireNew(seen, token.get());
            answer = partnerCenter(
                    context, URI.create(first + "&seekOperation=Next"), Map.of(CONTINUATION, token.get()));
        }
    }

    /** The token is a member of the page, a header of its link, or both (API §1.9); the last page has no link. */
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
            throw unreadable("Partner Center says that there are more customers, and not how to get them");
        }
        return Optional.of(token);
    }

    // One page

    private WireAnswer graph(RefreshContext context, URI url) {
        Map<String, String> headers = Map.of(
                "Accept",
                "application/json",
                "client-request-id",
                context.correlationId().toString());
        Service service = new Service(
                tokens::partnerGraph, answer -> answer.status() == 429 || answer.status() >= 500, answer -> true);
        return get(context, service, new WireRequest("relationships", "GET", url, headers, null));
    }

    private WireAnswer partnerCenter(RefreshContext context, URI url, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(more);
        headers.put("Accept", "application/json");
        headers.put("MS-Contract-Version", "v1");
        headers.put("MS-RequestId", UUID.randomUUID().toString());
        headers.put("MS-CorrelationId", context.correlationId().toString());
        // That MFA is missing comes with the status of a refused token, and no token of this account can mend it.
        Service service = new Service(
                tokens::partnerCenter,
                PartnerCenterFailures::isRetryable,
                answer -> PartnerCenterFailures.classify(answer).code() != FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED);
        return get(context, service, new WireRequest("customers", "GET", url, headers, null));
    }

    private WireAnswer get(RefreshContext context, Service service, WireRequest request) {
        try {
            WireAnswer answer = send(context, service, request);
            if (answer.status() == 401 && service.newTokenHelps().test(answer)) {
                tokens.dropPartner(); // It was revoked before its time.
                answer = send(context, service, request);
            }
            return answer;
        } catch (WireException e) {
            throw new TenantDirectoryException(WireFailures.classify(e, context), e);
        }
    }

    private WireAnswer send(RefreshContext context, Service service, WireRequest request) throws WireException {
        WireRequest authorized = request.withHeader(
                "Authorization", service.token().apply(context).authorization());
        return retries.send(context, () -> wire.send(authorized, context), service.isPassing(), true);
    }

    private record Service(
            Function<RefreshContext, AccessToken> token,
            Predicate<WireAnswer> isPassing,
            Predicate<WireAnswer> newTokenHelps) {}

    private static WireAnswer requireSuccess(WireAnswer answer) {
        if (answer.isSuccess()) {
            return answer;
        }
        CpvFailure failure = GraphFailures.classify(answer);
        throw new TenantDirectoryException(answer.status() == 403 ? notAllowed(failure) : failure, null);
    }

    /** In the partner's own tenant it is not a role in a customer's that is missing. */
    private static CpvFailure notAllowed(CpvFailure failure) {
        return failure
                .as(
                        FailureCode.CATALOG_FAILED,
                        "Graph does not show the delegated admin relationships: " + failure.message())
                .toBuilder()
                .retryable(false)
                .remediation(new Remediation(
                        Remediation.Party.PARTNER,
                        "Consent in the partner tenant to the application's delegated permission"
                                + " DelegatedAdminRelationship.Read.All of Microsoft Graph, and put the service account into"
                                + " the AdminAgents group."))
                .build();
    }

    // Further pages

    private static void requireNew(Set<String> seen, String next) {
        if (!seen.add(next) || seen.size() >= MAX_PAGES) {
            throw unreadable("The pages of a list lead in a circle");
        }
    }

    /** R24: only the path of a link is followed, and only if it leads to the host that was asked. */
    private URI onConfiguredHost(String link) {
        int version = link.indexOf("/v1.0/");
        int query = link.indexOf('?');
        try {
            URI place = URI.create(query < 0 ? link : link.substring(0, query));
            if (version < 0 || place.getHost() == null || !graphOrigins.contains(Wire.origin(place))) {
                throw new TenantDirectoryException(
                        CpvFailure.of(
                                FailureCode.FOREIGN_HOST_REFUSED,
                                "Graph's next page is said to be at the foreign host " + place.getHost()),
                        null);
            }
            return URI.create(cloud.graphUrl() + link.substring(version).replace(" ", "%20"));
        } catch (IllegalArgumentException e) {
            throw unreadable("Graph's link to the next page is no URL");
        }
    }

    private static TenantDirectoryException unreadable(String message) {
        return new TenantDirectoryException(CpvFailure.of(FailureCode.ANSWER_UNREADABLE, message), null);
    }
}
