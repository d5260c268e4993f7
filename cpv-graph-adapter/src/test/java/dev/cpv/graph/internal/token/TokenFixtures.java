package dev.cpv.graph.internal.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.ScriptedService.Answer;
import dev.cpv.graph.internal.token.ScriptedService.Received;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.testing.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.EventConstants;
import org.slf4j.simple.SimpleLogger;

/** What the tests of tokens and consent share: one partner, one customer, and tokens in the shape of Entra ID's. */
public final class TokenFixtures {
    public static final TenantId PARTNER = TenantId.of("aaaaaaaa-0000-0000-0000-00000000000a");
    public static final TenantId CUSTOMER = TenantId.of("bbbbbbbb-0000-0000-0000-00000000000b");
    public static final TenantId OTHER = TenantId.of("cccccccc-0000-0000-0000-00000000000c");
    public static final PartnerApp APP =
            new PartnerApp(PARTNER, dev.cpv.model.AppId.of("dddddddd-0000-0000-0000-00000000000d"));
    public static final String SECRET = "the~client.secret-value";
    public static final String REFRESH_TOKEN = "0.AX-first-refresh-token";
    public static final String ROTATED = "0.AX-rotated-refresh-token";
    public static final Instant START = Instant.parse("2026-11-20T00:00:00Z");

    private static final int TRACE = EventConstants.TRACE_INT;
    private static final Field LEVEL = level();
    private static final List<String> LOGGERS = List.of(
            "dev.cpv.graph.internal.token.Redemption",
            "dev.cpv.graph.internal.consent.PartnerCenterConsent",
            "com.microsoft.aad.msal4j.AcquireTokenByAuthorizationGrantSupplier",
            "com.microsoft.aad.msal4j.ConfidentialClientApplication",
            "com.microsoft.aad.msal4j.HttpHelper",
            "com.microsoft.aad.msal4j.TokenCache",
            "com.microsoft.aad.msal4j.TokenRequestExecutor");

    private TokenFixtures() {}

    static ClientProof secret() {
        return ClientProof.secret(SECRET);
    }

    public static MicrosoftCloud cloud(ScriptedService service) {
        return over(MicrosoftCloud.GLOBAL, service);
    }

    public static MicrosoftCloud over(MicrosoftCloud cloud, ScriptedService service) {
        return cloud.withLoginUrl(service.url("login"))
                .withPartnerCenterUrl(service.url("partnercenter"))
                .withGraphUrl(service.url("graph"));
    }

    public static Wire wire(MicrosoftCloud cloud, ManualClock clock) {
        return new Wire(List.of(cloud.loginUrl(), cloud.partnerCenterUrl(), cloud.graphUrl()), clock);
    }

    public static TokenSource source(
            ScriptedService service,
            ManualClock clock,
            RefreshTokenStore store,
            Map<TenantId, RefreshTokenStore> direct) {
        MicrosoftCloud cloud = cloud(service);
        return new TokenSource(
                APP, secret(), store, cloud, direct, wire(cloud, clock), new Retries(clock, clock), clock);
    }

    public static RefreshContext context(TenantId tenant, ManualClock clock) {
        return context(tenant, tenant.equals(PARTNER) ? TenantRoute.PARTNER : TenantRoute.CUSTOMER, clock);
    }

    public static RefreshContext context(TenantId tenant, TenantRoute route, ManualClock clock) {
        return RefreshContext.start(tenant, route, RefreshOptions.defaults(), clock.instant());
    }

    /** A token of a tenant in the shape of a JWT; the last part makes it unlike others. */
    public static String jwt(TenantId tenant, String signature) {
        ObjectNode claims = claims(tenant);
        return jwt(claims.toString(), signature);
    }

    public static ObjectNode claims(TenantId tenant) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("tid", tenant.toString())
                .put("upn", "service@partner.example")
                .put("scp", "Directory.Read.All user_impersonation");
    }

    public static String jwt(String claims, String signature) {
        return base64("{\"alg\":\"RS256\"}") + "." + base64(claims) + "." + signature;
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The token endpoint's answer of success. */
    public static Answer issued(String accessToken) {
        return issued(accessToken, ROTATED);
    }

    public static Answer issued(String accessToken, String refreshToken) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("token_type", "Bearer")
                .put("scope", "https://graph.microsoft.com/.default")
                .put("expires_in", 3600)
                .put("access_token", accessToken);
        if (!refreshToken.isEmpty()) {
            body.put("refresh_token", refreshToken);
        }
        return Answer.of(200, body.toString());
    }

    /** Issues a token of the tenant in the request's path. */
    public static Answer issuedAsAsked(Received request) {
        return issued(jwt(tenantIn(request), "signature"));
    }

    public static TenantId tenantIn(Received request) {
        String path = request.path();
        int start = "/login/".length();
        return TenantId.of(path.substring(start, path.indexOf('/', start)));
    }

    /** The token endpoint's answer of refusal (API §2.5). */
    public static Answer refused(int status, String error, int code, String sentence) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("error", error)
                .put(
                        "error_description",
                        "AADSTS" + code + ": " + sentence
                                + " Trace ID: 11111111-1111-1111-1111-111111111111 Timestamp: 2026-11-20 00:00:00Z")
                .put("trace_id", "11111111-1111-1111-1111-111111111111");
        body.putArray("error_codes").add(code);
        return Answer.of(status, body.toString());
    }

    public static Answer consentMissing() {
        return refused(
                400, "invalid_grant", 65001, "The user or administrator has not consented to use the application.");
    }

    /** Returns the failure that a call ends with. */
    public static CpvFailure failureOf(ThrowingCallable call) {
        return Assertions.catchThrowableOfType(TenantDirectoryException.class, call)
                .failure();
    }

    /** Returns what is logged during a call, down to the finest level, however the tests' logger is configured. */
    public static String logOf(ThrowingCallable call) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        Map<Object, Integer> levels = new HashMap<>();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (String name : LOGGERS) {
                Object logger = LoggerFactory.getLogger(name);
                levels.put(logger, LEVEL.getInt(logger));
                setLevel(logger, TRACE);
            }
            call.call();
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            levels.forEach(TokenFixtures::setLevel);
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    /** slf4j-simple reads its levels once, from files that other tests share. */
    private static Field level() {
        try {
            Field level = SimpleLogger.class.getDeclaredField("currentLogLevel");
            level.setAccessible(true);
            return level;
        } catch (NoSuchFieldException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static void setLevel(Object logger, int value) {
        try {
            LEVEL.setInt(logger, value);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits, really, until a thread waits for another one; a second is plenty. */
    public static void awaitWaiting(Thread thread) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            if (System.nanoTime() > end) {
                throw new AssertionError("The thread does not wait: " + thread.getState());
            }
            Thread.onSpinWait();
        }
    }
}
