package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.failure.GraphFailures;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.tenant.PrincipalRemoval.Removal;
import dev.cpv.graph.internal.tenant.TenantGateway.Parts;
import dev.cpv.graph.internal.token.AccessToken;
import dev.cpv.graph.internal.token.Credential;
import dev.cpv.graph.internal.token.TokenSource;
import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedResource;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.ResetStep;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.StepKind;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantSession;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One operation on one tenant. Its fields keep the state of the operation: the object ids that were read, the token that a
 * reset holds, and the service principal that it deleted.
 */
final class GraphTenantSession implements TenantSession {
    /** How long the token of a reset must at least be valid (R19). */
    private static final Duration HELD_FOR = Duration.ofMinutes(10);

    /** How long a new token may lack rights that were granted a moment ago. */
    private static final Duration RIGHTS_WINDOW = Duration.ofSeconds(60);

    private final RefreshContext context;
    private final Parts shared;
    private final TokenSource tokens;
    private final DefinitionCatalogue definitions;
    private final Credential customer;
    private final Credential partner;

    /** The state from the last look and from the writes since. */
    private @Nullable TenantState state;
    /** The token of a reset, from the snapshot until the deletion is answered. */
    private @Nullable HeldToken held;
    /** Our service principal that this operation deleted: a replica that lags behind may still show it. */
    private @Nullable String deletedId;

    private boolean closed;

    GraphTenantSession(RefreshContext context, Parts shared) {
        this.context = context;
        this.shared = shared;
        this.tokens = shared.tokens();
        this.definitions = shared.definitions();
        this.customer = tokens.graphCredential(context);
        this.partner = tokens.partnerGraphCredential(context);
    }

    @Override
    public ObservedTenant observe(Set<AppId> resources) {
        ensureOpen();
        int before = context.requests();
        boolean fresh;
        TenantState seen;
        try {
            AccessToken token = tokens.graph(context);
            fresh = context.requests() > before;
            seen = read(token, resources);
        } catch (TenantDirectoryException e) {
            return notConsented(resources, consentMissing(e));
        }
        if (seen.principalId().isEmpty()) {
            return unseen(resources, fresh);
        }
        definitions.learn(context, partner, resources);
        state = seen;
        return observed(resources, seen);
    }

    private TenantState read(AccessToken token, Set<AppId> resources) {
        try {
            return shared.reader().read(context, customer, resources, deletedId);
        } catch (TenantDirectoryException e) {
            if (GraphFailures.isOfUnknownCaller(e.failure())) {
                return new TenantState(null);
            }
            throw new TenantDirectoryException(MissingScopes.explain(e.failure(), token.scopes()), e);
        }
    }

    /** R4: an older token may have outlived the consent. Only a new token distinguishes lag from withdrawn consent. */
    private ObservedTenant unseen(Set<AppId> resources, boolean fresh) {
        tokens.drop(context.tenant());
        if (!fresh) {
            try {
                tokens.graph(context);
            } catch (TenantDirectoryException e) {
                return notConsented(resources, consentMissing(e));
            }
            tokens.drop(context.tenant()); // The next look needs a new token (R6).
        }
        return ObservedTenant.notVisibleYet(context.tenant(), context.route());
    }

    /** Returns the failure if it means that consent is missing. Any other refusal of a token says nothing about consent. */
    private static CpvFailure consentMissing(TenantDirectoryException refusal) {
        if (refusal.failure().code() != FailureCode.CONSENT_MISSING) {
            throw refusal;
        }
        return refusal.failure();
    }

    private ObservedTenant notConsented(Set<AppId> resources, CpvFailure cause) {
        definitions.learn(context, partner, resources);
        List<ObservedResource> known = resources.stream()
                .map(app -> ObservedResource.unknown(
                        app, definitions.displayName(app), definitions.find(app).orElse(null)))
                .toList();
        return ObservedTenant.notConsented(context.tenant(), context.route(), cause, known);
    }

    private ObservedTenant observed(Set<AppId> resources, TenantState state) {
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

    @Override
    public Map<AppId, ResourceDefinition> definitions(Set<AppId> resources) {
        ensureOpen();
        Map<AppId, ResourceDefinition> read = new HashMap<>();
        definitions
                .read(context, customer, resources)
                .forEach((app, json) -> read.put(app, ServicePrincipals.definitionOfTenant(json)));
        return read;
    }

    /** No token from before a change of consent may be used after it (R21), except the one that a reset holds. */
    @Override
    public StepResult consent(PlanStep.Consent wanted) {
        ensureOpen();
        StepResult result = shared.consent().consent(context, wanted);
        tokens.drop(context.tenant());
        return result;
    }

    @Override
    public void apply(List<PlanStep> steps, StepSink sink) {
        ensureOpen();
        if (steps.stream().anyMatch(step -> step.kind() == StepKind.CONSENT)) {
            throw new IllegalArgumentException("A consent step is carried out by consent(…) only");
        }
        write(steps, sink);
    }

    /** Holds the token that the removal needs, outside the cache. */
    @Override
    public TenantSnapshot snapshot() {
        ensureOpen();
        AccessToken token = tokens.graph(context);
        if (token.expiresAt().isBefore(shared.clock().instant().plus(HELD_FOR))) {
            tokens.drop(context.tenant());
            token = tokens.graph(context); // No token is valid for longer than a new one.
        }
        HeldToken good = new HeldToken(context, tokens, token);
        held = good;
        return shared.snapshots().read(context, good, state);
    }

    @Override
    public StepResult removeConsent() {
        ensureOpen();
        StepResult result = shared.consent().withdraw(context);
        tokens.drop(context.tenant());
        return result;
    }

    @Override
    public StepResult deleteServicePrincipal() {
        ensureOpen();
        HeldToken rights = held;
        held = null;
        Removal removal = shared.removal()
                .remove(
                        context,
                        rights,
                        Optional.ofNullable(state)
                                .flatMap(TenantState::principalId)
                                .orElse(null));
        if (removal.result().isDone()) {
            state = null;
            deletedId = removal.principalId() == null ? deletedId : removal.principalId();
        }
        tokens.drop(context.tenant());
        return removal.result();
    }

    @Override
    public void restore(List<PrincipalAssignment> assignments, StepSink sink) {
        ensureOpen();
        write(assignments.stream().map(ResetStep.RestoreAssignment::new).toList(), sink);
    }

    /** Ends the session and drops its state; the directory's tokens and connections stay. */
    @Override
    public void close() {
        closed = true;
        state = null;
        held = null;
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("The session of tenant " + context.tenant() + " is closed");
        }
    }

    private void write(List<? extends Step> steps, StepSink sink) {
        if (steps.isEmpty()) {
            return;
        }
        TenantState known = known(steps);
        awaitRights(steps);
        boolean[] changed = new boolean[1];
        try {
            state = shared.writer().write(context, customer, known, deletedId, steps, (step, result) -> {
                changed[0] |= result.status() == StepResult.Status.APPLIED;
                sink.accept(step, result);
            });
        } finally {
            if (changed[0]) {
                tokens.drop(context.tenant()); // R21: a token never gains what was granted after it.
            }
        }
    }

    /** The state before the steps, read now if nothing was observed. */
    private TenantState known(List<? extends Step> steps) {
        TenantState known = state;
        if (known == null) {
            Set<AppId> resources = new TreeSet<>();
            steps.forEach(step -> resources.add(step.resource()));
            known = read(tokens.graph(context), resources);
        }
        if (known.principalId().isEmpty()) {
            throw new TenantDirectoryException(
                    CpvFailure.of(
                            FailureCode.CONSENT_NOT_VISIBLE_YET,
                            "The application's service principal is not visible in this tenant"),
                    null);
        }
        return known;
    }

    /** A restore may need rights that the same reset granted a moment ago, so this waits until the token has them. */
    private void awaitRights(List<? extends Step> steps) {
        List<PrincipalAssignment> restored = steps.stream()
                .filter(step -> step.kind() == StepKind.RESTORE_ASSIGNMENT)
                .map(step -> ((ResetStep.RestoreAssignment) step).assignment())
                .toList();
        Instant until = shared.clock().instant().plus(RIGHTS_WINDOW);
        for (int attempt = 1; !hasRights(restored) && shared.clock().instant().isBefore(until); attempt++) {
            try {
                shared.retries().pause(context, shared.retries().pauseAfter(context, null, attempt));
            } catch (WireException e) {
                return; // Cancelled, or no time left: each step is reported as such.
            }
            tokens.drop(context.tenant());
        }
    }

    private boolean hasRights(List<PrincipalAssignment> restored) {
        if (restored.isEmpty()) {
            return true;
        }
        Set<String> scopes = tokens.graph(context).scopes();
        return restored.stream()
                .allMatch(
                        assignment -> RequiredRights.missing(assignment, scopes).isEmpty());
    }
}
