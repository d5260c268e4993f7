package dev.cpv.model;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.cpv.internal.json.JsonText;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The steps that reconcile one tenant with the required permissions. A value: it can be printed, compared, approved by
 * a person, and read back from JSON. Immutable.
 */
public final class CpvRefreshPlan {
    private final TenantId tenant;
    private final ExtraGrants extraGrants;
    private final String requiredFingerprint;
    private final List<PlanStep> steps;
    private final PlanNames names;

    CpvRefreshPlan(
            TenantId tenant,
            ExtraGrants extraGrants,
            String requiredFingerprint,
            List<PlanStep> steps,
            PlanNames names) {
        this.tenant = tenant;
        this.extraGrants = extraGrants;
        this.requiredFingerprint = requiredFingerprint;
        this.steps = List.copyOf(steps);
        this.names = names;
    }

    /**
     * Computes a plan: a pure function of what is required and what was observed.
     *
     * @param required what the application needs, {@link RequiredPermissionSet#bootstrap()} included: scopes of a
     *     consent that are not in it would be extras
     * @param observed what was seen in the tenant
     * @param extraGrants what to do with permissions beyond the required ones
     * @return the plan, without steps if there is nothing to do
     */
    public static CpvRefreshPlan between(
            RequiredPermissionSet required, ObservedTenant observed, ExtraGrants extraGrants) {
        return Assessment.of(required, observed, extraGrants).plan();
    }

    /**
     * Reads a plan that {@link #toJson()} printed.
     *
     * @param json the text
     * @throws PlanFormatException if it is no such text, or was changed since it was printed, names included
     */
    public static CpvRefreshPlan fromJson(String json) {
        return PlanJson.read(json);
    }

    /**
     * Prints the plan as one line of JSON, with digests that show any later change of a step or a name. They are no signature: who can
     * write the text can write them too. Jackson writes a plan in the same way, so a
     * web application can return one.
     */
    @JsonValue
    @JsonRawValue
    public String toJson() {
        return JsonText.of(PlanJson.tree(this));
    }

    /** Prints the plan for people: a line for the tenant, and one for each step. */
    public String toText() {
        StringBuilder text = new StringBuilder("Tenant " + names.describe(tenant) + ": ");
        text.append(steps.isEmpty() ? "nothing to do" : steps.size() + (steps.size() == 1 ? " step" : " steps"));
        steps.forEach(step -> text.append("\n  ").append(JsonText.printable(step.describe(names))));
        return text.toString();
    }

    /** Returns the tenant. */
    public TenantId tenant() {
        return tenant;
    }

    /** Returns whether extra permissions are kept or revoked. */
    public ExtraGrants extraGrants() {
        return extraGrants;
    }

    /** Returns the {@link RequiredPermissionSet#fingerprint()} that the plan was made for. */
    public String requiredFingerprint() {
        return requiredFingerprint;
    }

    /**
     * Returns the steps, in the order in which they depend on each other. If the tenant has no consent, those after the
     * consent are only expected.
     */
    public List<PlanStep> steps() {
        return steps;
    }

    /**
     * Returns what people call the tenant and what the steps are about. Names are beside the plan: neither equality nor the
     * digest depends on them, so an approved plan is still the same after a resource was renamed. Only people use them: an
     * operation that applies a plan reads the tenant anew, and its result has the names that the tenant shows then.
     */
    public PlanNames names() {
        return names;
    }

    /**
     * Returns this plan with a name for its tenant; the plans are equal.
     *
     * @param label what people call the tenant; empty for none
     */
    public CpvRefreshPlan withTenantName(String label) {
        return new CpvRefreshPlan(tenant, extraGrants, requiredFingerprint, steps, names.withTenant(label));
    }

    /** Returns the consent that the tenant needs first, or empty if the application has consent. */
    public Optional<PlanStep.Consent> consent() {
        return steps.stream()
                .filter(step -> step.kind() == StepKind.CONSENT)
                .map(PlanStep.Consent.class::cast)
                .findFirst();
    }

    /** Returns whether the plan has no step. */
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Returns whether the tenant has to be consented first, so that the steps after the consent are only expected. */
    public boolean needsConsent() {
        return consent().isPresent();
    }

    /** Returns whether a step revokes an app role or leaves out a scope. */
    public boolean removesPermissions() {
        return steps.stream().anyMatch(CpvRefreshPlan::removesPermissions);
    }

    private static boolean removesPermissions(PlanStep step) {
        return switch (step.kind()) {
            case CONSENT, ADD_RESOURCE, ASSIGN_APP_ROLE -> false;
            case REVOKE_APP_ROLE -> true;
            case SET_SCOPES -> !((PlanStep.SetScopes) step).removed().isEmpty();
            case MERGE_GRANTS -> !((PlanStep.MergeGrants) step).removed().isEmpty();
            case REMOVE_CONSENT, DELETE_SERVICE_PRINCIPAL, RESTORE_ASSIGNMENT -> throw PlanJson.notOfAPlan(step);
        };
    }

    /**
     * Returns a digest of everything that the plan does, without names: a SHA-256 in lower-case hexadecimal digits, the
     * same on every JVM.
     */
    public String digest() {
        return RequiredPermissionSet.sha256(JsonText.of(PlanJson.content(this)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CpvRefreshPlan that
                && tenant.equals(that.tenant)
                && extraGrants == that.extraGrants
                && requiredFingerprint.equals(that.requiredFingerprint)
                && steps.equals(that.steps);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tenant, extraGrants, requiredFingerprint, steps);
    }

    @Override
    public String toString() {
        return toText();
    }
}
