package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.BatchResponse;
import dev.cpv.model.AppId;
import dev.cpv.model.PlanStep;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sets the scopes of the tenant-wide grant for a resource (R12), and merges several grants into one (R13): the remaining grant
 * holds all scopes before another one is deleted.
 */
final class GrantWrite extends StepWrite {
    private final AppId resource;
    private final boolean keepsFurtherGrants;
    private final Set<String> removed = new HashSet<>();
    private Set<String> target;

    GrantWrite(PlanStep.SetScopes step) {
        this(
                step,
                step.resource(),
                step.scopes(),
                step.removed(),
                !step.scopes().isEmpty());
    }

    GrantWrite(PlanStep.MergeGrants step) {
        this(step, step.resource(), step.scopes(), step.removed(), false);
    }

    private GrantWrite(
            PlanStep step, AppId resource, List<String> scopes, List<String> removed, boolean keepsFurtherGrants) {
        super(step);
        this.resource = resource;
        this.target = new TreeSet<>(scopes);
        this.keepsFurtherGrants = keepsFurtherGrants;
        removed.forEach(scope -> this.removed.add(scope.toLowerCase(Locale.ROOT)));
    }

    @Override
    boolean isReady(TenantState state) {
        return target.isEmpty() || state.resource(resource).isPresent();
    }

    @Override
    Optional<BatchPart> next(TenantState state, GraphParts parts) {
        List<TenantState.Grant> grants = state.grants(resource);
        if (target.isEmpty()) {
            return grants.stream().findFirst().map(grant -> parts.deleteGrant(grant.objectId()));
        }
        if (grants.isEmpty()) {
            return Optional.of(parts.createGrant(
                    state.principalId().orElseThrow(),
                    state.resource(resource).orElseThrow().objectId(),
                    List.copyOf(target)));
        }
        TenantState.Grant survivor = grants.get(0);
        if (!new TreeSet<>(survivor.scopes()).equals(target)) {
            return Optional.of(parts.updateGrant(survivor.objectId(), List.copyOf(target)));
        }
        return keepsFurtherGrants || grants.size() == 1
                ? Optional.empty()
                : Optional.of(parts.deleteGrant(grants.get(1).objectId()));
    }

    @Override
    void written(BatchPart part, BatchResponse answer, TenantState state) {
        List<TenantState.Grant> grants = state.grants();
        switch (part.method()) {
            case "POST" ->
                grants.add(new TenantState.Grant(answer.body().path("id").asText(), resource, List.copyOf(target)));
            case "PATCH" ->
                grants.replaceAll(grant -> isMeant(part, grant)
                        ? new TenantState.Grant(grant.objectId(), resource, List.copyOf(target))
                        : grant);
            default -> grants.removeIf(grant -> isMeant(part, grant));
        }
    }

    private static boolean isMeant(BatchPart part, TenantState.Grant grant) {
        return part.url().endsWith("/" + grant.objectId());
    }

    /**
     * R12: the existence of a grant says nothing about its scopes. If somebody created one since the last look, the union of both
     * is written: scopes that somebody else granted are never removed.
     */
    void lookedUp(TenantState state) {
        Set<String> known = new HashSet<>();
        target.forEach(scope -> known.add(scope.toLowerCase(Locale.ROOT)));
        if (target.isEmpty()) {
            return;
        }
        Set<String> union = new TreeSet<>(target);
        for (TenantState.Grant grant : state.grants(resource)) {
            for (String scope : grant.scopes()) {
                String lower = scope.toLowerCase(Locale.ROOT);
                if (!removed.contains(lower) && known.add(lower)) {
                    union.add(scope);
                }
            }
        }
        target = union;
    }
}
