package dev.cpv.graph.internal.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.BatchResponse;
import dev.cpv.graph.internal.token.Credential;
import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.spi.RefreshContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a tenant in one round trip: our principal, its permissions, and the resources. */
final class TenantReader {
    private static final int NOT_FOUND = 404;

    private final AppId app;
    private final GraphParts parts;
    private final PartReader reader;

    TenantReader(AppId app, GraphParts parts, PartReader reader) {
        this.app = app;
        this.parts = parts;
        this.reader = reader;
    }

    /**
     * Reads the state. It has no principal if ours is not visible, or is the one that this operation deleted, which must not be
     * mistaken for the new one.
     */
    TenantState read(RefreshContext context, Credential credential, Set<AppId> resources, @Nullable String deletedId) {
        BatchPart own = parts.ownPrincipal(app);
        BatchPart ownAssignments = parts.ownAppRoleAssignments(app);
        BatchPart ownGrants = parts.ownGrants(app);
        List<BatchPart> principals = principals(resources);
        List<BatchPart> all = new ArrayList<>(List.of(own, ownAssignments, ownGrants));
        all.addAll(principals);
        Map<BatchPart, BatchResponse> answers = reader.read(context, credential, all);
        // A list is "not found" only if the directory cannot be read, so this is never taken as an empty
        // list.
        if (answers.values().stream().anyMatch(answer -> answer.status() == NOT_FOUND)) {
            return new TenantState(null);
        }
        String id = answer(answers, own).body().path("id").asText();
        if (id.equals(deletedId)) {
            return new TenantState(null);
        }
        TenantState state = new TenantState(id);
        for (BatchPart part : principals) {
            reader.values(context, credential, answer(answers, part)).forEach(json -> add(state, json));
        }
        List<JsonNode> assignments = reader.values(context, credential, answer(answers, ownAssignments));
        List<JsonNode> grants = reader.values(context, credential, answer(answers, ownGrants)).stream()
                .filter(TenantReader::isTenantWide)
                .toList();
        addFurtherResources(context, credential, state, assignments, grants);
        addGranted(state, assignments, grants);
        return state;
    }

    /**
     * Finds those of the resources whose service principal was deleted and can still be restored, which is possible for 30 days.
     */
    Set<AppId> deleted(RefreshContext context, Credential credential, Set<AppId> resources) {
        Set<AppId> deleted = new TreeSet<>();
        List<BatchPart> reads = resources.stream().map(parts::deletedPrincipals).toList();
        for (BatchResponse answer : reader.read(context, credential, reads).values()) {
            for (JsonNode principal : reader.values(context, credential, answer)) {
                AppId id = ServicePrincipals.appId(principal);
                if (id != null && resources.contains(id)) {
                    deleted.add(id);
                }
            }
        }
        return deleted;
    }

    private List<BatchPart> principals(Set<AppId> resources) {
        List<AppId> sorted = List.copyOf(new TreeSet<>(resources));
        List<BatchPart> reads = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += GraphParts.MAX_ALTERNATIVES) {
            reads.add(parts.principals(
                    sorted.subList(from, Math.min(from + GraphParts.MAX_ALTERNATIVES, sorted.size()))));
        }
        return reads;
    }

    /** R11: a user's own grant is not managed. */
    private static boolean isTenantWide(JsonNode grant) {
        return grant.path("consentType").asText().equals("AllPrincipals");
    }

    /** Permissions for other than the required resources contain only their object ids, so these are looked up. */
    private void addFurtherResources(
            RefreshContext context,
            Credential credential,
            TenantState state,
            List<JsonNode> assignments,
            List<JsonNode> grants) {
        Set<String> open = new TreeSet<>();
        assignments.forEach(assignment -> open.add(assignment.path("resourceId").asText()));
        grants.forEach(grant -> open.add(grant.path("resourceId").asText()));
        state.resources().values().forEach(resource -> open.remove(resource.objectId()));
        if (!open.isEmpty()) {
            List<BatchPart> reads = open.stream().map(parts::principal).toList();
            reader.read(context, credential, reads).values().stream()
                    .filter(answer -> answer.status() != NOT_FOUND)
                    .forEach(answer -> add(state, answer.body()));
        }
    }

    private static void addGranted(TenantState state, List<JsonNode> assignments, List<JsonNode> grants) {
        Map<String, AppId> byObjectId = new HashMap<>();
        state.resources().forEach((id, resource) -> byObjectId.put(resource.objectId(), id));
        for (JsonNode assignment : assignments) {
            AppId resource = byObjectId.get(assignment.path("resourceId").asText());
            if (resource != null) {
                UUID role = UUID.fromString(assignment.path("appRoleId").asText());
                state.assignments()
                        .put(
                                new AssignedAppRole(resource, role),
                                assignment.path("id").asText());
            }
        }
        for (JsonNode grant : grants) {
            AppId resource = byObjectId.get(grant.path("resourceId").asText());
            if (resource != null) {
                state.grants()
                        .add(TenantState.Grant.parse(
                                grant.path("id").asText(),
                                resource,
                                grant.path("scope").asText("")));
            }
        }
    }

    private static void add(TenantState state, JsonNode principal) {
        AppId id = ServicePrincipals.appId(principal);
        if (id != null) {
            state.add(id, ServicePrincipals.principal(principal));
        }
    }

    private static BatchResponse answer(Map<BatchPart, BatchResponse> answers, BatchPart part) {
        return Objects.requireNonNull(answers.get(part));
    }
}
