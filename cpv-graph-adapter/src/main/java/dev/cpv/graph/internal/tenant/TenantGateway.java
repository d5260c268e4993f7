package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.batch.BatchClient;
import dev.cpv.graph.internal.batch.ParallelBatches;
import dev.cpv.graph.internal.consent.PartnerCenterConsent;
import dev.cpv.graph.internal.failure.GraphFailures;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.AccessToken;
import dev.cpv.graph.internal.token.TokenSource;
import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedResource;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectoryException;
import java.net.URI;
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

/** The calls of the port, over tokens, consent and batches. Thread-safe. */
public final class TenantGateway {
    /** For how long the token of a reset has to be good (R19). */
    private static final Duration HELD_FOR = Duration.ofMinutes(10);

    /** How long a new token may know nothing of what was granted a moment ago (API §7). */
    private static final Duration RIGHTS_WINDOW = Duration.ofSeconds(60);

    private final TokenSource tokens;
    private final PartnerCenterConsent consent;
    private final TenantReader reader;
    private final TenantWriter writer;
    private final SnapshotReader snapshots;
    private final PrincipalRemoval removal;
    private final DefinitionCatalogue definitions;
    private final Retries retries;
    private final Clock clock;

    /**
     * Creates the gateway.
     *
     * @param app our application
     * @param tokens gives the tokens
     * @param consent consents through Partner Center
     * @param batches sends batches
     * @param helpers send batches of one tenant at the same time
     * @param retries repeats what is worth it
     * @param graphUrls the URLs under which Graph may name its next pages; the last one is its own name
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
        this.tokens = tokens;
        this.consent = consent;
        this.retries = retries;
        this.clock = clock;
        GraphParts parts = new GraphParts(graphUrls.get(graphUrls.size() - 1));
        PartReader partReader = new PartReader(batches, retries, graphUrls);
        definitions = new DefinitionCatalogue(parts, partReader, clock);
        reader = new TenantReader(app, parts, partReader);
        snapshots = new SnapshotReader(app, parts, partReader);
        removal = new PrincipalRemoval(app, parts, batches, tokens, retries, clock);
        writer = new TenantWriter(parts, batches, helpers, reader, definitions, retries, clock);
    }

    /**
     * Looks at a tenant.
     *
     * @param context the operation
     * @param resources the resources that permissions are required of
     * @return what was seen
     */
    public ObservedTenant observe(RefreshContext context, Set<AppId> resources) {
        int before = context.requests();
        boolean fresh;
        TenantState state;
        try {
            AccessToken token = tokens.graph(context);
            fresh = context.requests() > before;
            state = read(context, token, resources);
        } catch (TenantDirectoryException e) {
            return notConsented(context, resources, consentMissing(e));
        }
        if (state.principalId().isEmpty()) {
            return unseen(context, resources, fresh);
        }
        definitions.learn(context, tokens.partnerGraphCredential(context), resources);
        context.hold(TenantState.class, state);
        return observed(context, resources, state);
    }

    private TenantState read(RefreshContext context, AccessToken token, Set<AppId> resources) {
        try {
            return reader.read(context, tokens.graphCredential(context), resources);
        } catch (TenantDirectoryException e) {
            if (GraphFailures.isOfUnknownCaller(e.failure())) {
                return new TenantState(null);
            }
            throw new TenantDirectoryException(MissingScopes.explain(e.failure(), token.scopes()), e);
        }
    }

    /** R4: a token from before may have outlived the consent, so only a new one tells lag from consent withdrawn. */
    private ObservedTenant unseen(RefreshContext context, Set<AppId> resources, boolean fresh) {
        tokens.drop(context.tenant());
        if (!fresh) {
            try {
                tokens.graph(context);
            } catch (TenantDirectoryException e) {
                return notConsented(context, resources, consentMissing(e));
            }
            tokens.drop(context.tenant()); // The next look wants a token of its own (R6).
        }
        return ObservedTenant.notVisibleYet(context.tenant(), context.route());
    }

    /** Any other refusal of a token says nothing about consent. */
    private static CpvFailure consentMissing(TenantDirectoryException refusal) {
        if (refusal.failure().code() != FailureCode.CONSENT_MISSING) {
            throw refusal;
        }
        return refusal.failure();
    }

    private ObservedTenant notConsented(RefreshContext context, Set<AppId> resources, CpvFailure cause) {
        definitions.learn(context, tokens.partnerGraphCredential(context), resources);
        List<ObservedResource> known = resources.stream()
                .map(app -> ObservedResource.unknown(
                        app, definitions.displayName(app), definitions.find(app).orElse(null)))
                .toList();
        return ObservedTenant.notConsented(context.tenant(), context.route(), cause, known);
    }

    private ObservedTenant observed(RefreshContext context, Set<AppId> resources, TenantState state) {
        ObservedTenant.Builder seen = ObservedTenant.builder(context.tenant(), context.route());
        Set<AppId> all = new TreeSet<>(resources);
        all.addAll(state.resources().keySet());
        for (AppId app : all) {
            ResourceDefinition definition = definitions.find(app).orElse(null);
            seen.resource(state.resource(app)
                    .map(found -> ObservedResource.present(app, found.displayName(), found.enabled(), definition))
                    .orElseGet(() -> ObservedResource.absent(app, definitions.displayName(app), definition)));
        }
        for (AssignedAppRole role : state.assignments().keySet()) {
            seen.appRole(role);
        }
        state.grants().forEach(grant -> seen.grant(new TenantWideGrant(grant.resource(), grant.scopes())));
        return seen.build();
    }

    /**
     * Reads what resources publish in the tenant itself.
     *
     * @param context the operation
     * @param resources the resources
     * @return their definitions
     */
    public Map<AppId, ResourceDefinition> definitions(RefreshContext context, Set<AppId> resources) {
        Map<AppId, ResourceDefinition> read = new HashMap<>();
        definitions
                .read(context, tokens.graphCredential(context), resources)
                .forEach((app, json) -> read.put(app, ServicePrincipals.definitionOfTenant(json)));
        return read;
    }

    /**
     * Reads what a reset would take away, and holds the token that the removal needs in the context, outside the cache (R19).
     *
     * @param context the operation
     * @return what the tenant would lose
     */
    public TenantSnapshot snapshot(RefreshContext context) {
        AccessToken token = tokens.graph(context);
        if (token.expiresAt().isBefore(clock.instant().plus(HELD_FOR))) {
            tokens.drop(context.tenant());
            token = tokens.graph(context); // However short its life, there is none with a longer one.
        }
        HeldToken held = new HeldToken(context, tokens, token);
        context.hold(HeldToken.class, held);
        return snapshots.read(context, held);
    }

    /**
     * Writes to a tenant.
     *
     * @param context the operation
     * @param steps what to write
     * @param sink takes the answers
     */
    public void apply(RefreshContext context, List<PlanStep> steps, StepSink sink) {
        List<PlanStep> writes = new ArrayList<>(steps);
        boolean begun = false;
        for (PlanStep step : steps) {
            Optional<StepResult> alone = writtenAlone(context, step);
            if (alone.isPresent()) {
                sink.accept(step, alone.get());
                writes.remove(step);
                begun = true;
            }
        }
        if (writes.isEmpty()) {
            return;
        }
        try {
            write(context, writes, sink);
        } catch (TenantDirectoryException e) {
            if (!begun) {
                throw e;
            }
            writes.forEach(step -> sink.accept(step, StepResult.failed(e.failure())));
        }
    }

    /** What changes consent itself; no token from before may be used after it (R21), but the one that a reset holds. */
    private Optional<StepResult> writtenAlone(RefreshContext context, PlanStep step) {
        Optional<StepResult> result = Optional.empty();
        if (step instanceof PlanStep.Consent wanted) {
            result = Optional.of(consent.consent(context, wanted));
        } else if (step instanceof PlanStep.RemoveConsent) {
            result = Optional.of(consent.withdraw(context));
        } else if (step instanceof PlanStep.DeleteServicePrincipal) {
            result = Optional.of(removal.remove(context));
        }
        if (result.isPresent()) {
            tokens.drop(context.tenant());
        }
        return result;
    }

    private void write(RefreshContext context, List<PlanStep> writes, StepSink sink) {
        Set<AppId> resources = new TreeSet<>();
        writes.forEach(step -> resources.add(step.resource()));
        TenantState state =
                context.held(TenantState.class).orElseGet(() -> read(context, tokens.graph(context), resources));
        if (state.principalId().isEmpty()) {
            throw new TenantDirectoryException(
                    CpvFailure.of(
                            FailureCode.CONSENT_NOT_VISIBLE_YET,
                            "The application's service principal is not visible in this tenant"),
                    null);
        }
        if (writes.stream().anyMatch(PlanStep.RestoreAssignment.class::isInstance)) {
            awaitRights(context, writes);
        }
        boolean[] changed = new boolean[1];
        try {
            TenantState left = writer.write(context, tokens.graphCredential(context), state, writes, (step, result) -> {
                changed[0] |= result.status() == StepResult.Status.APPLIED;
                sink.accept(step, result);
            });
            context.hold(TenantState.class, left);
        } finally {
            if (changed[0]) {
                tokens.drop(context.tenant()); // R21: a token never gains what was granted after it.
            }
        }
    }

    /** What a reset gives back may take rights that it granted a moment ago, so they have to be in the token. */
    private void awaitRights(RefreshContext context, List<PlanStep> writes) {
        Instant until = clock.instant().plus(RIGHTS_WINDOW);
        for (int attempt = 1;
                !hasRights(tokens.graph(context), writes) && clock.instant().isBefore(until);
                attempt++) {
            try {
                retries.pause(context, retries.pauseAfter(context, null, attempt));
            } catch (WireException e) {
                return; // Cancelled, or no time left: each step is told so.
            }
            tokens.drop(context.tenant());
        }
    }

    private static boolean hasRights(AccessToken token, List<PlanStep> writes) {
        return writes.stream()
                .allMatch(step -> !(step instanceof PlanStep.RestoreAssignment restore)
                        || RequiredRights.missing(restore.assignment(), token.scopes())
                                .isEmpty());
    }
}
