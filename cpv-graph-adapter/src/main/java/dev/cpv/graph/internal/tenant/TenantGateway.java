package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.batch.BatchClient;
import dev.cpv.graph.internal.batch.ParallelBatches;
import dev.cpv.graph.internal.consent.PartnerCenterConsent;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.TokenSource;
import dev.cpv.model.AppId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantSession;
import java.net.URI;
import java.time.Clock;
import java.util.List;

/** Opens sessions over tokens, consent and batches, which they share. Thread-safe. */
public final class TenantGateway {
    private final Parts shared;

    /**
     * Creates the gateway.
     *
     * @param app our application
     * @param tokens the source of tokens
     * @param consent consents through Partner Center
     * @param batches sends batches
     * @param helpers sends batches of one tenant at the same time
     * @param retries repeats requests
     * @param graphUrls the URLs that links to next pages may have; the last one is Graph's own
     * @param clock the clock that deadlines and the age of definitions are taken from
     */
    public TenantGateway(
            AppId app,
            TokenSource tokens,
            PartnerCenterConsent consent,
            BatchClient batches,
            ParallelBatches helpers,
            Retries retries,
            List<URI> graphUrls,
            Clock clock) {
        GraphParts parts = new GraphParts(graphUrls.get(graphUrls.size() - 1));
        PartReader partReader = new PartReader(batches, retries, graphUrls);
        DefinitionCatalogue definitions = new DefinitionCatalogue(parts, partReader, clock);
        TenantReader reader = new TenantReader(app, parts, partReader);
        shared = new Parts(
                tokens,
                consent,
                reader,
                new TenantWriter(parts, batches, helpers, reader, definitions, retries, clock),
                new SnapshotReader(app, parts, partReader),
                new PrincipalRemoval(app, parts, batches, tokens, retries, clock),
                definitions,
                retries,
                clock);
    }

    /**
     * Opens a session. Sends nothing.
     *
     * @param context the operation
     * @return a new session
     */
    public TenantSession open(RefreshContext context) {
        return new GraphTenantSession(context, shared);
    }

    /** Shared by all sessions; each part is thread-safe and keeps no state of an operation. */
    record Parts(
            TokenSource tokens,
            PartnerCenterConsent consent,
            TenantReader reader,
            TenantWriter writer,
            SnapshotReader snapshots,
            PrincipalRemoval removal,
            DefinitionCatalogue definitions,
            Retries retries,
            Clock clock) {}
}
