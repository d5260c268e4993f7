package dev.cpv.graph.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.internal.failure.GraphFailures;
import dev.cpv.graph.internal.failure.WireFailures;
import dev.cpv.graph.internal.http.NextLinks;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.http.WireRequest;
import dev.cpv.graph.internal.json.Json;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.AuthorizedSender;
import dev.cpv.graph.internal.token.TokenSource;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Remediation;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The partner's delegated admin relationships (GDAP), read from Graph in the partner's own tenant: see
 * https://learn.microsoft.com/graph/api/tenantrelationship-list-delegatedadminrelationships. Every method blocks. Thread-safe.
 */
public final class Relationships {
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,100}");
    private static final String PATH = "/v1.0/tenantRelationships/delegatedAdminRelationships";

    /** Names are read because they identify the relationships that Microsoft created itself. */
    private static final String FIELDS = "$select=id,displayName,customer,accessDetails,status,activatedDateTime,"
            + "endDateTime,autoExtendDuration";

    private static final int PER_PAGE = 300;

    private final URI graphUrl;
    private final NextLinks links;
    private final TokenSource tokens;
    private final Wire wire;
    private final Retries retries;

    /**
     * Creates the client.
     *
     * @param cloud where Graph is
     * @param tokens the source of the partner's tokens
     * @param wire sends the requests
     * @param retries repeats them
     */
    public Relationships(MicrosoftCloud cloud, TokenSource tokens, Wire wire, Retries retries) {
        this.graphUrl = cloud.graphUrl();
        this.links = new NextLinks(List.of(cloud.graphUrl(), cloud.graphAudience()));
        this.tokens = tokens;
        this.wire = wire;
        this.retries = retries;
    }

    /**
     * Lists the relationships, of every status.
     *
     * @param context the operation
     * @param each takes each relationship as its page arrives
     * @throws TenantDirectoryException if a page cannot be read
     */
    void list(RefreshContext context, Consumer<Relationship> each) {
        PageChain pages = new PageChain();
        String next = PATH + "?$top=" + PER_PAGE + "&" + FIELDS;
        while (!next.isEmpty()) {
            String body = requireSuccess(get(context, next)).body();
            ObjectNode page = Page.read(body, "value", item -> each.accept(Relationship.parse(item)));
            next = Json.text(page, "@odata.nextLink");
            if (!next.isEmpty()) {
                pages.requireNew(next);
                next = "/v1.0" + links.path(next).replace(" ", "%20");
            }
        }
    }

    /**
     * Reads one relationship.
     *
     * @param context the operation
     * @param id its id
     * @return the relationship; empty if there is none, or if no relationship can have such an id
     * @throws TenantDirectoryException if it cannot be read
     */
    public Optional<Relationship> find(RefreshContext context, String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        WireAnswer answer = get(context, PATH + "/" + id + "?" + FIELDS);
        return answer.status() == 404
                ? Optional.empty()
                : Optional.of(
                        Relationship.parse(Page.object(requireSuccess(answer).body())));
    }

    private WireAnswer get(RefreshContext context, String path) {
        Map<String, String> headers = Map.of(
                "Accept",
                "application/json",
                "client-request-id",
                context.correlationId().toString());
        WireRequest request = new WireRequest("relationships", "GET", URI.create(graphUrl + path), headers, null);
        try {
            return AuthorizedSender.send(
                    tokens.partnerGraphCredential(context),
                    token -> retries.send(
                            context,
                            () -> wire.send(request.withHeader("Authorization", token.authorization()), context),
                            answer -> answer.status() == 429 || answer.status() >= 500,
                            true));
        } catch (WireException e) {
            throw new TenantDirectoryException(WireFailures.classify(e, context), e);
        }
    }

    private static WireAnswer requireSuccess(WireAnswer answer) {
        if (answer.isSuccess()) {
            return answer;
        }
        throw new TenantDirectoryException(atHome(answer.status(), GraphFailures.classify(answer)), null);
    }

    /** A refusal in the partner's own tenant is resolved by the partner: no role or policy of a customer is involved. */
    private static CpvFailure atHome(int status, CpvFailure failure) {
        if (failure.code() == FailureCode.EXTRA_AUTHENTICATION_REQUIRED) {
            return failure.as(FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED, failure.message());
        }
        return status == 403 ? notAllowed(failure) : failure;
    }

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
}
