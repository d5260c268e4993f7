package dev.cpv.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A tenant compared with the required permissions: the standing of each, the extras, and the plan that reconciles the tenant. A
 * pure function of its inputs. Immutable.
 *
 * <p><b>Preview:</b> this is what the engine reads, and what {@link CpvRefreshPlan#between} is the short form of. It is public for
 * tools that explain a plan, and may change in any release; use {@link CpvRefreshPlan} and the client's preview where they are
 * enough.
 */
public final class Assessment {
    private final List<AssessedPermission> permissions;
    private final SortedSet<ExtraPermission> extras;
    private final List<Notice> notices;
    private final SortedSet<AppId> undefined;
    private final CpvRefreshPlan plan;

    Assessment(
            List<AssessedPermission> permissions,
            SortedSet<ExtraPermission> extras,
            List<Notice> notices,
            SortedSet<AppId> undefined,
            CpvRefreshPlan plan) {
        this.permissions = List.copyOf(permissions);
        this.extras = Collections.unmodifiableSortedSet(new TreeSet<>(extras));
        this.notices = List.copyOf(notices);
        this.undefined = Collections.unmodifiableSortedSet(new TreeSet<>(undefined));
        this.plan = plan;
    }

    /**
     * Assesses a tenant.
     *
     * @param required what the application needs
     * @param observed what was seen
     * @param extraGrants what to do with permissions beyond the required ones
     */
    public static Assessment of(RequiredPermissionSet required, ObservedTenant observed, ExtraGrants extraGrants) {
        List<AssessedPermission> permissions = new ArrayList<>();
        SortedSet<ExtraPermission> extras = new TreeSet<>();
        List<Notice> notices = new ArrayList<>();
        SortedSet<AppId> undefined = new TreeSet<>();
        List<PlanStep> steps = new ArrayList<>(BootstrapScopes.consentIfMissing(required, observed));
        SortedSet<AppId> resources = new TreeSet<>(required.resources());
        observed.appRoles().forEach(role -> resources.add(role.resource()));
        observed.grants().forEach(grant -> resources.add(grant.resource()));
        for (AppId resource : resources) {
            ResourceAssessment part = new ResourceAssessment(required, observed, resource, extraGrants);
            permissions.addAll(part.permissions());
            extras.addAll(part.extras());
            notices.addAll(part.notices());
            steps.addAll(part.steps());
            if (part.needsDefinition()) {
                undefined.add(resource);
            }
        }
        CpvRefreshPlan plan = new CpvRefreshPlan(
                observed.tenant(), extraGrants, required.fingerprint(), steps, PlanNames.of(steps, observed));
        return new Assessment(permissions, extras, notices, undefined, plan);
    }

    /** Returns every required permission exactly once, sorted as the required set has them. */
    public List<AssessedPermission> permissions() {
        return permissions;
    }

    /** Returns what the application holds beyond the required permissions, sorted (R10). */
    public SortedSet<ExtraPermission> extras() {
        return extras;
    }

    /** Returns what people should know although it blocks nothing, by resource. */
    public List<Notice> notices() {
        return notices;
    }

    /**
     * Returns the present resources whose definitions have to be read in this tenant before every permission has a
     * standing (R9).
     */
    public SortedSet<AppId> undefinedResources() {
        return undefined;
    }

    /** Returns the plan that reconciles the tenant, without steps if there is nothing to do. */
    public CpvRefreshPlan plan() {
        return plan;
    }
}
