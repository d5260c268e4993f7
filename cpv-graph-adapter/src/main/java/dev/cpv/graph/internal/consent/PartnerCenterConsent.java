package dev.cpv.graph.internal.consent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.internal.failure.PartnerCenterFailures;
import dev.cpv.graph.internal.failure.WireFailures;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.http.WireRequest;
import dev.cpv.graph.internal.resilience.ConsentLimit;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.AccessToken;
import dev.cpv.graph.internal.token.AuthorizedSender;
import dev.cpv.graph.internal.token.TokenSource;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PlanStep;
import dev.cpv.model.Remediation;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantDirectoryException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consents to the application in a customer's tenant through Partner Center (R5): see
 * https://learn.microsoft.com/partner-center/developer/control-panel-vendor-apis. Thread-safe.
 */
public final class PartnerCenterConsent {
    private static final Logger LOG = LoggerFactory.getLogger(PartnerCenterConsent.class);

    private final MicrosoftCloud cloud;
    private final PartnerApp app;
    private final TokenSource tokens;
    private final Wire wire;
    private final Retries retries;
    private final ConsentLimit limit;

    /**
     * Creates the client.
     *
     * @param app the application that is consented
     * @param cloud where Partner Center is
     * @param tokens the source of Partner Center's token
     * @param wire sends the requests
     * @param retries repeats them
     * @param limit limits the rate of consents
     */
    public PartnerCenterConsent(
            PartnerApp app, MicrosoftCloud cloud, TokenSource tokens, Wire wire, Retries retries, ConsentLimit limit) {
        this.cloud = cloud;
        this.app = app;
        this.tokens = tokens;
        this.wire = wire;
        this.retries = retries;
        this.limit = limit;
    }

    /**
     * Consents to one resource. Blocks. Success is no proof (R6): the tenant must be observed afterwards, with a new token.
     *
     * @param context the operation
     * @param step the resource and its scopes
     * @return applied, unchanged, or failed; nothing is thrown for a remote cause
     */
    public StepResult consent(RefreshContext context, PlanStep.Consent step) {
        if (context.route() != TenantRoute.CUSTOMER || context.tenant().equals(app.partnerTenant())) {
            return StepResult.failed(wrongRoute(context.tenant()));
        }
        try {
            return result(exchange(context, request(context, step)));
        } catch (WireException e) {
            return StepResult.failed(WireFailures.classify(e, context));
        } catch (TenantDirectoryException e) {
            return StepResult.failed(e.failure());
        }
    }

    /**
     * Withdraws the consent (R19). Blocks. The service principal may remain, and success is no proof.
     *
     * @param context the operation
     * @return applied, unchanged if Partner Center has no consent, or failed; nothing is thrown for a remote cause
     */
    public StepResult withdraw(RefreshContext context) {
        if (context.route() != TenantRoute.CUSTOMER || context.tenant().equals(app.partnerTenant())) {
            return StepResult.failed(wrongRoute(context.tenant()));
        }
        try {
            WireAnswer answer = exchange(
                    context,
                    new WireRequest(
                            "consent removal",
                            "DELETE",
                            URI.create(url(context) + "/" + app.clientId()),
                            headers(context),
                            null));
            return PartnerCenterFailures.isNotThere(answer) ? StepResult.unchanged() : result(answer);
        } catch (WireException e) {
            return StepResult.failed(WireFailures.classify(e, context));
        } catch (TenantDirectoryException e) {
            return StepResult.failed(e.failure());
        }
    }

    private static StepResult result(WireAnswer answer) {
        if (answer.isSuccess()) {
            return StepResult.applied();
        }
        if (PartnerCenterFailures.isAlreadyThere(answer)) {
            return StepResult.unchanged();
        }
        return StepResult.failed(PartnerCenterFailures.classify(answer));
    }

    /** R7: Partner Center consents for customers only. */
    private CpvFailure wrongRoute(TenantId tenant) {
        boolean own = tenant.equals(app.partnerTenant());
        return CpvFailure.builder(
                        FailureCode.CONSENT_ROUTE,
                        own
                                ? "The partner tenant cannot be consented through Partner Center"
                                : "A direct tenant cannot be consented through Partner Center")
                .remediation(new Remediation(
                        own ? Remediation.Party.PARTNER : Remediation.Party.CUSTOMER,
                        "Let an administrator of the tenant open " + cloud.authority() + "/" + tenant
                                + "/adminconsent?client_id=" + app.clientId() + " and accept."))
                .build();
    }

    private WireAnswer exchange(RefreshContext context, WireRequest request) throws WireException {
        return AuthorizedSender.send(
                tokens.partnerCenterCredential(context),
                token -> send(context, request, token),
                PartnerCenterFailures::isTokenRenewable);
    }

    /** The request's id makes a retry harmless, even if the answer was lost. */
    private WireAnswer send(RefreshContext context, WireRequest request, AccessToken token) throws WireException {
        WireRequest authorized = request.withHeader("Authorization", token.authorization());
        WireAnswer answer = retries.send(
                context,
                () -> limit.send(context, () -> wire.send(authorized, context)),
                PartnerCenterFailures::isRetryable,
                true);
        if (PartnerCenterFailures.isMfaMissed(answer)) {
            warnWithoutMfa(token);
        }
        return answer;
    }

    private WireRequest request(RefreshContext context, PlanStep.Consent step) {
        Map<String, String> headers = headers(context);
        headers.put("Content-Type", "application/json");
        return new WireRequest("consent", "POST", URI.create(url(context)), headers, body(step));
    }

    private String url(RefreshContext context) {
        return cloud.partnerCenterUrl() + "/v1/customers/" + context.tenant() + "/applicationconsents";
    }

    private static Map<String, String> headers(RefreshContext context) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        headers.put("MS-Contract-Version", "v1");
        headers.put("MS-RequestId", UUID.randomUUID().toString());
        headers.put("MS-CorrelationId", context.correlationId().toString());
        headers.put("ValidateMfa", "true");
        return headers;
    }

    private String body(PlanStep.Consent step) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("applicationId", app.clientId().toString());
        body.putArray("applicationGrants")
                .addObject()
                .put("enterpriseApplicationId", step.resource().toString())
                .put("scope", String.join(", ", step.scopes()));
        return body.toString();
    }

    private static void warnWithoutMfa(AccessToken token) {
        LOG.warn(
                "Partner Center will soon refuse the service account {}: its refresh token was issued without MFA. Sign it in"
                        + " again with MFA and store the new refresh token",
                token.user().orElse("of the partner"));
    }
}
