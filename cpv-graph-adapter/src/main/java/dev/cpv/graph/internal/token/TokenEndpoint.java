package dev.cpv.graph.internal.token;

import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import com.microsoft.aad.msal4j.RefreshTokenParameters;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.http.WireRequest;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The token endpoint of a tenant: msal4j writes the request, the {@link Wire} sends it, and the answer is returned complete.
 * msal4j does not interpret the answer, because it drops statuses, headers and codes. Thread-safe.
 */
final class TokenEndpoint {
    private final MicrosoftCloud cloud;
    private final AppId client;
    private final ClientProof proof;
    private final Wire wire;
    private final ExecutorService callerThread = new CallerThread();

    TokenEndpoint(MicrosoftCloud cloud, AppId client, ClientProof proof, Wire wire) {
        this.cloud = cloud;
        this.client = client;
        this.proof = proof;
        this.wire = wire;
    }

    /**
     * Redeems a refresh token once.
     *
     * @param challenge the claims that a service requires of the token, or null
     * @return the answer, whatever its status
     * @throws WireException if no answer came
     * @throws TenantDirectoryException if the request could not be built
     */
    WireAnswer redeem(
            RefreshContext context,
            TenantId tenant,
            String scope,
            String refreshToken,
            @Nullable ClaimsChallenge challenge)
            throws WireException {
        Recorder recorder = new Recorder(context);
        RuntimeException verdict = null;
        var parameters = RefreshTokenParameters.builder(Set.of(scope), refreshToken);
        if (challenge != null) {
            parameters.claims(challenge.request());
        }
        try {
            application(context, tenant, recorder)
                    .acquireToken(parameters.build())
                    .join();
        } catch (RuntimeException e) {
            verdict = e; // It matters only if nothing was sent.
        }
        WireAnswer answer = recorder.answer(verdict);
        return answer.isSuccess() ? answer : withoutEcho(answer, refreshToken);
    }

    /** R23: a proxy may echo the request. No pattern recognises a client secret, but here its value is known. */
    private WireAnswer withoutEcho(WireAnswer answer, String refreshToken) {
        UnaryOperator<String> cleaner = text -> proof.removedFrom(ClientProof.without(refreshToken, text));
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.replaceAll((name, value) -> cleaner.apply(value));
        return new WireAnswer(answer.status(), headers, cleaner.apply(answer.body()));
    }

    /** One for each redemption, so that the assertion's audience is right and nothing is shared or cached. */
    private ConfidentialClientApplication application(RefreshContext context, TenantId tenant, IHttpClient http) {
        try {
            return ConfidentialClientApplication.builder(client.toString(), proof.credential())
                    .authority(cloud.authority() + "/" + tenant + "/")
                    .instanceDiscovery(false)
                    .disableInternalRetries()
                    .correlationId(context.correlationId().toString())
                    .httpClient(http)
                    .executorService(callerThread)
                    .build();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("The authority " + cloud.authority() + " is not a URL", e);
        }
    }

    /** Replaces the host that msal4j chose with that of the login URL: for China msal4j uses an alias of the documented one. */
    private URI atLogin(URL url) {
        return URI.create(cloud.loginUrl() + url.getFile());
    }

    /** Sends one request for msal4j and keeps the answer for us. Used by one thread. */
    final class Recorder implements IHttpClient {
        private final RefreshContext context;
        private @Nullable WireAnswer answer;
        private @Nullable WireException fault;

        Recorder(RefreshContext context) {
            this.context = context;
        }

        @Override
        public IHttpResponse send(HttpRequest request) throws WireException {
            try {
                answer = wire.send(
                        new WireRequest(
                                "token",
                                request.httpMethod().methodName,
                                atLogin(request.url()),
                                request.headers(),
                                request.body()),
                        context);
                return madeUp();
            } catch (WireException e) {
                fault = e;
                throw e;
            }
        }

        WireAnswer answer(@Nullable RuntimeException verdict) throws WireException {
            if (fault != null) {
                throw fault;
            }
            if (answer == null) {
                throw new TenantDirectoryException(unwritten(), verdict);
            }
            return answer;
        }
    }

    /**
     * The answer that msal4j receives, always the same one. It never sees the real answer: the library can wait for ever on
     * certain answers, and it logs parts of others.
     */
    private static IHttpResponse madeUp() {
        HttpResponse response = new HttpResponse()
                .statusCode(200)
                .body("{\"token_type\":\"Bearer\",\"access_token\":\"-\",\"expires_in\":1}");
        response.addHeaders(Map.of("Content-Type", List.of("application/json")));
        return response;
    }

    private CpvFailure unwritten() {
        return proof.isCertificate()
                ? CpvFailure.of(
                        FailureCode.CLIENT_CERTIFICATE_REJECTED,
                        "No assertion could be signed with the client certificate; it must have an RSA key")
                : CpvFailure.of(FailureCode.REQUEST_REJECTED, "The token request could not be built");
    }
}
