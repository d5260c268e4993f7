package dev.cpv.graph.internal.token;

import dev.cpv.graph.internal.failure.EntraError;
import dev.cpv.graph.internal.failure.EntraFailures;
import dev.cpv.graph.internal.failure.WireFailures;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.http.WireRequest;
import dev.cpv.graph.internal.json.Json;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Guids;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.net.IDN;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tenant of a domain by OpenID Connect discovery, which needs no token: see
 * https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc. Thread-safe.
 */
final class TenantResolver {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final int MAX_KEPT = 512;
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Pattern DOMAIN = Pattern.compile("([a-z0-9_-]{1,63}\\.)+[a-z0-9-]{2,63}");
    private static final Pattern ISSUER = Pattern.compile("https?://.+/([0-9a-fA-F-]{36})/v2\\.0/?");

    /** No such tenant; neither a valid DNS name nor a known external domain. */
    private static final List<Integer> UNKNOWN_DOMAIN = List.of(90002, 900023);

    private final URI loginUrl;
    private final TenantId partnerTenant;
    private final Wire wire;
    private final Retries retries;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    TenantResolver(URI loginUrl, TenantId partnerTenant, Wire wire, Retries retries, Clock clock) {
        this.loginUrl = loginUrl;
        this.partnerTenant = partnerTenant;
        this.wire = wire;
        this.retries = retries;
        this.clock = clock;
    }

    TenantId resolve(String domain) {
        String name = ascii(domain);
        if (name == null) {
            throw failed(FailureCode.TENANT_NOT_RESOLVED, "'" + shortened(domain) + "' is not a domain name");
        }
        return find(name).orElseGet(() -> {
            TenantId tenant = look(name);
            keep(name, tenant);
            return tenant;
        });
    }

    private static @Nullable String ascii(String domain) {
        try {
            String name = IDN.toASCII(domain.strip()).toLowerCase(Locale.ROOT);
            return DOMAIN.matcher(name).matches() ? name : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }

    private TenantId look(String domain) {
        WireAnswer answer = ask(domain);
        if (!answer.isSuccess()) {
            EntraError error = EntraError.parse(answer);
            throw error.codes().stream().anyMatch(UNKNOWN_DOMAIN::contains)
                    ? failed(FailureCode.TENANT_NOT_RESOLVED, "No tenant has the domain '" + domain + "'")
                    : new TenantDirectoryException(EntraFailures.classify(error, false), null);
        }
        Matcher issuer =
                ISSUER.matcher(Json.readOrMissing(answer.body()).path("issuer").asText(""));
        Optional<TenantId> tenant =
                issuer.matches() ? Guids.find(issuer.group(1)).map(TenantId::new) : Optional.empty();
        return tenant.orElseThrow(() ->
                failed(FailureCode.ANSWER_UNREADABLE, "The discovery document of '" + domain + "' names no tenant"));
    }

    private WireAnswer ask(String domain) {
        RefreshContext context = PartnerOperation.start(partnerTenant, TIMEOUT, new Cancellation(), clock.instant());
        WireRequest request = new WireRequest(
                "discovery",
                "GET",
                URI.create(loginUrl + "/" + domain + "/v2.0/.well-known/openid-configuration"),
                Map.of("Accept", "application/json"),
                null);
        try {
            return retries.send(context, () -> wire.send(request, context), EntraFailures::isRetryable, true);
        } catch (WireException e) {
            throw new TenantDirectoryException(WireFailures.classify(e, context), e);
        }
    }

    private Optional<TenantId> find(String domain) {
        lock.lock();
        try {
            return Optional.ofNullable(entries.get(domain))
                    .filter(entry -> clock.instant().isBefore(entry.readAt().plus(KEPT)))
                    .map(Entry::tenant);
        } finally {
            lock.unlock();
        }
    }

    private void keep(String domain, TenantId tenant) {
        lock.lock();
        try {
            entries.put(domain, new Entry(tenant, clock.instant()));
            if (entries.size() > MAX_KEPT) {
                Iterator<String> eldest = entries.keySet().iterator();
                eldest.next();
                eldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    private static TenantDirectoryException failed(FailureCode code, String message) {
        return new TenantDirectoryException(CpvFailure.of(code, message), null);
    }

    private record Entry(TenantId tenant, Instant readAt) {}
}
