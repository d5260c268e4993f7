package dev.cpv.graph.internal.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.BatchResponse;
import dev.cpv.graph.internal.failure.GraphVerdict;
import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.Guids;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.model.UnrestorableItem;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads in one batch everything that is deleted with our service principal, and lists what cannot be restored (R19). */
final class SnapshotReader {
    private static final int FORBIDDEN = 403;
    private static final String ROLE = "#microsoft.graph.directoryRole";
    private static final String GROUP = "#microsoft.graph.group";

    private final AppId app;
    private final GraphParts parts;
    private final PartReader reader;

    SnapshotReader(AppId app, GraphParts parts, PartReader reader) {
        this.app = app;
        this.parts = parts;
        this.reader = reader;
    }

    /** Reads the snapshot; resources that the last look found are not read again. */
    TenantSnapshot read(RefreshContext context, HeldToken token, @Nullable TenantState seen) {
        return new Run(context, token, seen).read();
    }

    /** One call of {@link #read}. */
    private final class Run {
        private final RefreshContext context;
        private final HeldToken token;
        private final Set<String> scopes;
        private final Map<String, AppId> resources = new HashMap<>();
        private final TreeSet<AssignedAppRole> appRoles = new TreeSet<>();
        private final List<TenantWideGrant> grants = new ArrayList<>();
        private final List<PrincipalAssignment> assignments = new ArrayList<>();
        private final List<UnrestorableItem> losses = new ArrayList<>();

        Run(RefreshContext context, HeldToken token, @Nullable TenantState seen) {
            this.context = context;
            this.token = token;
            this.scopes = token.token().scopes();
            if (seen != null) {
                seen.resources().forEach((id, resource) -> resources.put(resource.objectId(), id));
            }
        }

        TenantSnapshot read() {
            BatchPart own = parts.ownPrincipal(app);
            BatchPart ownAppRoles = parts.ownAppRoleAssignments(app);
            BatchPart ownGrants = parts.ownGrants(app);
            BatchPart assigned = parts.assignedToOwn(app);
            BatchPart memberships = parts.ownMemberships(app);
            Map<BatchPart, BatchResponse> answers = reader.readAsFarAsAllowed(
                    context, token, List.of(own, ownAppRoles, ownGrants, assigned, memberships));
            String ownId = required(answers, own).body().path("id").asText();
            List<JsonNode> roles = reader.values(context, token, required(answers, ownAppRoles));
            List<JsonNode> held = reader.values(context, token, required(answers, ownGrants));
            findResources(roles, held);
            roles.forEach(this::addAppRole);
            held.forEach(this::addGrant);
            values("users and groups that are assigned to the application", answers, assigned)
                    .forEach(principal -> addAssigned(principal, ownId));
            values("directory roles and group memberships", answers, memberships)
                    .forEach(this::addMembership);
            return new TenantSnapshot(context.tenant(), appRoles, grants, assignments, losses);
        }

        /** Fails if the part could not be read: without it a reset would lose permissions. */
        private BatchResponse required(Map<BatchPart, BatchResponse> answers, BatchPart part) {
            BatchResponse answer = Objects.requireNonNull(answers.get(part));
            if (answer.verdict() != GraphVerdict.DONE) {
                CpvFailure failure = MissingScopes.explain(answer.failure(), scopes);
                throw new TenantDirectoryException(failure, null);
            }
            return answer;
        }

        /** Returns the values; a list that the application may not read is recorded as a loss. */
        private List<JsonNode> values(String what, Map<BatchPart, BatchResponse> answers, BatchPart part) {
            BatchResponse answer = Objects.requireNonNull(answers.get(part));
            if (answer.status() == FORBIDDEN) {
                losses.add(new UnrestorableItem(
                        what, "could not be read: " + answer.failure().message()));
                return List.of();
            }
            return reader.values(context, token, answer);
        }

        /** Graph names resources by object id; the last look found most of them. */
        private void findResources(List<JsonNode> roles, List<JsonNode> held) {
            Set<String> open = new TreeSet<>();
            roles.forEach(role -> open.add(role.path("resourceId").asText()));
            held.forEach(grant -> open.add(grant.path("resourceId").asText()));
            open.removeAll(resources.keySet());
            if (!open.isEmpty()) {
                List<BatchPart> reads = open.stream().map(parts::principal).toList();
                reader.read(context, token, reads).values().forEach(answer -> addResource(answer.body()));
            }
        }

        private void addResource(JsonNode principal) {
            AppId id = ServicePrincipals.appId(principal);
            if (id != null) {
                resources.put(principal.path("id").asText(), id);
            }
        }

        private void addAppRole(JsonNode assignment) {
            UUID role = guid(assignment.path("appRoleId"));
            AppId resource = resource("app role " + assignment.path("appRoleId").asText(), assignment);
            if (resource != null && role != null) {
                appRoles.add(new AssignedAppRole(resource, role));
            }
        }

        private void addGrant(JsonNode json) {
            String user = json.path("principalId").asText("");
            String scope = json.path("scope").asText("");
            boolean tenantWide = json.path("consentType").asText().equals("AllPrincipals");
            AppId resource = resource((tenantWide ? "grant of " : "grant of user " + user + " of ") + scope, json);
            if (resource == null) {
                return;
            }
            TenantWideGrant grant = TenantWideGrant.parse(resource, scope);
            if (tenantWide) {
                grants.add(grant);
            } else if (!grant.scopes().isEmpty()) {
                add(new PrincipalAssignment.UserGrant(user, resource, grant.scopes()));
            }
        }

        private @Nullable AppId resource(String what, JsonNode json) {
            String objectId = json.path("resourceId").asText();
            AppId resource = resources.get(objectId);
            if (resource == null) {
                losses.add(new UnrestorableItem(
                        what + " for the service principal " + objectId, "that service principal could not be read"));
            }
            return resource;
        }

        /** Roles of our own application that our principal holds are already among its app roles. */
        private void addAssigned(JsonNode json, String ownId) {
            String id = json.path("principalId").asText();
            UUID role = guid(json.path("appRoleId"));
            if (role != null && !id.equals(ownId)) {
                add(new PrincipalAssignment.AppAssignment(
                        id, role, json.path("principalDisplayName").asText("")));
            }
        }

        private void addMembership(JsonNode json) {
            String type = json.path("@odata.type").asText();
            String id = json.path("id").asText();
            String name = json.path("displayName").asText("");
            UUID template = guid(json.path("roleTemplateId"));
            if (type.equals(ROLE) && template != null) {
                add(new PrincipalAssignment.DirectoryRole(template, name));
            } else if (type.equals(GROUP) && json.path("groupTypes").isArray()) {
                addGroup(json, new PrincipalAssignment.GroupMembership(id, name));
            } else if (type.equals(ROLE) || type.equals(GROUP)) {
                losses.add(new UnrestorableItem(
                        (type.equals(ROLE) ? "directory role " : "member of group ") + id,
                        "the application may read only its id"));
            } else {
                losses.add(new UnrestorableItem("member of " + type + " " + id, "cpv does not know how to restore it"));
            }
        }

        private void addGroup(JsonNode json, PrincipalAssignment.GroupMembership membership) {
            if (isDynamic(json)) {
                losses.add(UnrestorableItem.of(membership, "a rule decides on the members of this group"));
            } else if (json.path("onPremisesSyncEnabled").asBoolean()) {
                losses.add(UnrestorableItem.of(membership, "this group is managed on premises"));
            } else if (json.path("isAssignableToRole").asBoolean()) {
                add(membership, RequiredRights.missingForRoleAssignableGroup(membership, scopes));
            } else {
                add(membership);
            }
        }

        private static boolean isDynamic(JsonNode group) {
            for (JsonNode type : group.path("groupTypes")) {
                if (type.asText().equals("DynamicMembership")) {
                    return true;
                }
            }
            return false;
        }

        private void add(PrincipalAssignment assignment) {
            add(assignment, RequiredRights.missing(assignment, scopes));
        }

        private void add(PrincipalAssignment assignment, Optional<String> missing) {
            missing.ifPresentOrElse(
                    permission -> losses.add(UnrestorableItem.of(
                            assignment,
                            "restoring it needs the delegated permission " + permission
                                    + ", which the application does not have here")),
                    () -> assignments.add(assignment));
        }

        private static @Nullable UUID guid(JsonNode text) {
            return Guids.find(text.asText()).orElse(null);
        }
    }
}
