package dev.cpv.graph.internal.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.BatchResponse;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.ResetStep;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.spi.StepResult;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Restores a user's own grant (R19). If the user granted something again in the meantime, the union is written (R12). This write
 * looks up the user's grants itself: the state does not contain them, since they are not managed otherwise (R11).
 */
final class UserGrantWrite extends AssignmentWrite {
    private final PrincipalAssignment.UserGrant grant;
    private boolean exists;
    private @Nullable String foundId;
    private Set<String> target;

    UserGrantWrite(ResetStep.RestoreAssignment step, PrincipalAssignment.UserGrant grant) {
        super(step, grant);
        this.grant = grant;
        this.target = new TreeSet<>(grant.scopes());
    }

    @Override
    Optional<BatchPart> next(TenantState state, GraphParts parts) {
        Optional<TenantState.Principal> resource = state.resource(grant.resource());
        if (resource.isEmpty()) {
            return Optional.of(parts.principals(List.of(grant.resource())));
        }
        String own = state.principalId().orElseThrow();
        if (foundId != null) {
            return Optional.of(parts.updateGrant(foundId, List.copyOf(target)));
        }
        return Optional.of(
                exists
                        ? parts.userGrants(own, grant.userId())
                        : parts.createGrant(own, resource.get().objectId(), grant.userId(), List.copyOf(target)));
    }

    @Override
    void written(BatchPart part, BatchResponse answer, TenantState state) {
        if (!part.isRead()) {
            end(StepResult.applied());
        } else if (state.resource(grant.resource()).isEmpty()) {
            resourceRead(answer, state);
        } else {
            grantsRead(answer, state);
        }
    }

    private void resourceRead(BatchResponse answer, TenantState state) {
        JsonNode found = answer.body().path("value").path(0);
        if (found.isMissingNode()) {
            end(StepResult.failed(CpvFailure.of(
                    FailureCode.RESET_INCOMPLETE,
                    "The resource " + grant.resource() + " has no service principal in this tenant any more")));
        } else {
            state.add(grant.resource(), ServicePrincipals.principal(found));
        }
    }

    private void grantsRead(BatchResponse answer, TenantState state) {
        String resourceId = state.resource(grant.resource()).orElseThrow().objectId();
        for (JsonNode json : answer.body().path("value")) {
            if (json.path("resourceId").asText().equals(resourceId)) {
                found(json);
                return;
            }
        }
        end(StepResult.failed(CpvFailure.of(
                FailureCode.NOT_REPLICATED_YET, "The service reports that it exists, but no list shows it yet")));
    }

    private void found(JsonNode json) {
        List<String> present = TenantWideGrant.parse(
                        grant.resource(), json.path("scope").asText(""))
                .scopes();
        Set<String> union = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        union.addAll(present);
        if (union.addAll(target)) {
            foundId = json.path("id").asText();
            target = union;
        } else {
            end(StepResult.unchanged());
        }
    }

    @Override
    void wasThere() {
        exists = true;
    }
}
