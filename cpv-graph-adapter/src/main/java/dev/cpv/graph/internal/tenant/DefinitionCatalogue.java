package dev.cpv.graph.internal.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.token.Credential;
import dev.cpv.model.AppId;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The definitions of resources, read once in the partner tenant and kept for a day: one principal can take 0.3 MiB, so it is not
 * read again for each customer. Thread-safe.
 */
final class DefinitionCatalogue {
    private static final Duration KEPT = Duration.ofHours(24);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(10);
    private static final Logger LOG = LoggerFactory.getLogger(DefinitionCatalogue.class);

    private final GraphParts parts;
    private final PartReader reader;
    private final Clock clock;
    private final ReentrantLock reading = new ReentrantLock();
    private final Map<AppId, Entry> entries = new ConcurrentHashMap<>();
    private Instant notBefore = Instant.MIN;

    DefinitionCatalogue(GraphParts parts, PartReader reader, Clock clock) {
        this.parts = parts;
        this.reader = reader;
        this.clock = clock;
    }

    /**
     * Reads the definitions that are not known yet, with the partner tenant's own token, once for all callers. If the application
     * may not read there, the definitions are read in each customer tenant instead, with one request.
     */
    void learn(RefreshContext context, Credential partner, Set<AppId> resources) {
        if (unknown(resources).isEmpty()) {
            return;
        }
        reading.lock();
        try {
            if (clock.instant().isAfter(notBefore)) {
                readUnknown(context, partner, unknown(resources));
            }
        } catch (TenantDirectoryException e) {
            if (e.failure().scope() == FailureScope.PARTNER
                    && e.failure().code() != FailureCode.PARTNER_APP_NOT_CONSENTED) {
                throw e;
            }
            notBefore = clock.instant().plus(PAUSE_AFTER_FAILURE);
            LOG.warn("The definitions of resources cannot be read in the partner tenant: {}", e.failure());
        } finally {
            reading.unlock();
        }
    }

    private void readUnknown(RefreshContext context, Credential partner, Set<AppId> unknown) {
        if (!unknown.isEmpty()) {
            Map<AppId, Entry> found = new HashMap<>();
            read(context, partner, unknown)
                    .forEach((app, json) -> found.put(
                            app,
                            new Entry(
                                    json.path("displayName").asText(""),
                                    ServicePrincipals.definitionOfAnotherTenant(json),
                                    clock.instant())));
            // A resource that the partner tenant lacks is remembered too.
            unknown.forEach(app -> entries.put(app, found.getOrDefault(app, new Entry("", null, clock.instant()))));
        }
    }

    /** Keeps the definition from the answer to a creation: it is the same in every tenant. */
    void learn(AppId app, JsonNode created) {
        if (find(app).isEmpty()) {
            entries.put(
                    app,
                    new Entry(
                            created.path("displayName").asText(""),
                            ServicePrincipals.definitionOfAnotherTenant(created),
                            clock.instant()));
        }
    }

    /** Reads definitions in the tenant whose token is given. */
    Map<AppId, JsonNode> read(RefreshContext context, Credential credential, Set<AppId> resources) {
        List<BatchPart> reads = new ArrayList<>();
        List<AppId> sorted = List.copyOf(new TreeSet<>(resources));
        for (int from = 0; from < sorted.size(); from += GraphParts.MAX_ALTERNATIVES) {
            reads.add(parts.definitions(
                    sorted.subList(from, Math.min(from + GraphParts.MAX_ALTERNATIVES, sorted.size()))));
        }
        Map<AppId, JsonNode> found = new HashMap<>();
        reader.read(context, credential, reads).values().forEach(answer -> {
            for (JsonNode principal : reader.values(context, credential, answer)) {
                AppId app = ServicePrincipals.appId(principal);
                if (app != null) {
                    found.put(app, principal);
                }
            }
        });
        return found;
    }

    Optional<ResourceDefinition> find(AppId app) {
        return entry(app).flatMap(entry -> Optional.ofNullable(entry.definition()));
    }

    String displayName(AppId app) {
        return entry(app).map(Entry::displayName).orElse("");
    }

    private Optional<Entry> entry(AppId app) {
        return Optional.ofNullable(entries.get(app))
                .filter(entry -> clock.instant().isBefore(entry.readAt().plus(KEPT)));
    }

    private Set<AppId> unknown(Set<AppId> resources) {
        Set<AppId> unknown = new TreeSet<>(resources);
        unknown.removeIf(app -> entry(app).isPresent());
        return unknown;
    }

    private record Entry(String displayName, @Nullable ResourceDefinition definition, Instant readAt) {}
}
