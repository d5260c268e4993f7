package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.batch.BatchClient;
import dev.cpv.graph.internal.batch.BatchCredential;
import dev.cpv.graph.internal.consent.PartnerCenterConsent;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.AccessToken;
import dev.cpv.graph.internal.token.ClaimsChallenge;
import dev.cpv.graph.internal.token.TokenSource;
import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedResource;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectoryException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The three calls of the port, over tokens, consent and batches. Thread-safe. */
public final class TenantGateway {
    private final TokenSource tokens;
    private final PartnerCenterConsent consent;
    private final TenantReader reader;
    private final TenantWriter writer;
    private final DefinitionCatalogue definitions;

    /**
     * Creates the gateway.
     *
     * @param app our application
     * @param tokens gives the tokens
     * @param consent consents through Partner Center
     * @param batches sends batches
     * @param retries repeats what is worth it
     * @param graphUrls the URLs under which Graph may name its next pages
     * @param clock the clock that deadlines and the age of definitions are taken from
     */
    public TenantGateway(
            AppId app,
            TokenSource tokens,
            PartnerCenterConsent consent,
            BatchClient batches,
            Retries retries,
            List<URI> graphUrls,
            Clock clock) {
        this.tokens = tokens;
        this.consent = consent;
        GraphParts parts = new GraphParts();
        PartReader partReader = new PartReader(batches, retries, graphUrls);
        definitions = new DefinitionCatalogue(parts, partReader, clock);
        reader = new TenantReader(app, parts, partReader);
        writer = new TenantWriter(parts, batches, reader, definitions, retries, clock);
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
        definitions.learn(context, partner(context), resources);
        context.hold(TenantState.class, state);
        return observed(context, resources, state);
    }

    private TenantState read(RefreshContext context, AccessToken token, Set<AppId> resources) {
        try {
            return reader.read(context, customer(context), resources);
        } catch (TenantDirectoryException e) {
            if (isOfUnknownCaller(e.failure())) {
                return new TenantState(null);
            }
            throw new TenantDirectoryException(MissingScopes.explain(e.failure(), token.scopes()), e);
        }
    }

    /** For some tokens Graph answers so where our own principal is not there, instead of not finding it (API §4.9). */
    private static boolean isOfUnknownCaller(CpvFailure failure) {
        return failure.serviceCode()
                .filter("Authorization_IdentityNotFound"::equals)
                .isPresent();
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
        definitions.learn(context, partner(context), resources);
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
                .read(context, customer(context), resources)
                .forEach((app, json) -> read.put(app, ServicePrincipals.definitionOfTenant(json)));
        return read;
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
        boolean consented = false;
        for (PlanStep step : steps) {
            if (step instanceof PlanStep.Consent wanted) {
                sink.accept(step, consent.consent(context, wanted));
                tokens.drop(context.tenant());
                writes.remove(step);
                consented = true;
            }
        }
        if (writes.isEmpty()) {
            return;
        }
        try {
            write(context, writes, sink);
        } catch (TenantDirectoryException e) {
            if (!consented) {
                throw e;
            }
            writes.forEach(step -> sink.accept(step, StepResult.failed(e.failure())));
        }
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
        boolean[] changed = new boolean[1];
        try {
            TenantState left = writer.write(context, customer(context), state, writes, (step, result) -> {
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

    private BatchCredential customer(RefreshContext context) {
        return credential(context, tokens::graph, tokens::graph, () -> tokens.drop(context.tenant()));
    }

    private BatchCredential partner(RefreshContext context) {
        return credential(context, tokens::partnerGraph, tokens::partnerGraph, tokens::dropPartner);
    }

    private static BatchCredential credential(
            RefreshContext context,
            Function<RefreshContext, AccessToken> source,
            BiConsumer<RefreshContext, ClaimsChallenge> challenged,
            Runnable drop) {
        return new BatchCredential() {
            @Override
            public AccessToken token() {
                return source.apply(context);
            }

            @Override
            public void drop() {
                drop.run();
            }

            @Override
            public void answer(ClaimsChallenge challenge) {
                challenged.accept(context, challenge);
            }
        };
    }
}
