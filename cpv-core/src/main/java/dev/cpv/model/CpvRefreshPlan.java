package dev.cpv.model;

import dev.cpv.internal.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The steps that bring one tenant in sync with the required permissions. A value: it can be printed, compared, approved by
 * a person, and read back from JSON. Immutable.
 */
public final class CpvRefreshPlan {
    private final TenantId tenant;
    private final ExtraGrants extraGrants;
    private final String requiredFingerprint;
    private final List<PlanStep> steps;
    private final StepNames names;

    CpvRefreshPlan(
            TenantId tenant,
            ExtraGrants extraGrants,
            String requiredFingerprint,
            List<PlanStep> steps,
            StepNames names) {
        this.tenant = tenant;
        this.extraGrants = extraGrants;
        this.requiredFingerprint = requiredFingerprint;
        this.steps = List.copyOf(steps);
        this.names = names;
    }

    /**
     * Plans: a pure function of what is required and what was seen.
     *
     * @param required what the application needs, {@link RequiredPermissionSet#bootstrap()} included: scopes of a consent
     *     that are not in it would be extras
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
     * @return the plan
     * @throws PlanFormatException if it is no such text, or was changed since it was printed
     */
    public static CpvRefreshPlan fromJson(String json) {
        return PlanJson.read(json);
    }

    /**
     * Prints the plan as one line of JSON, with a digest that shows any later change.
     *
     * @return the JSON
     */
    public String toJson() {
        return JsonText.of(PlanJson.tree(this));
    }

    /**
     * Returns the plan as {@link #toJson()} prints it, as plain maps, lists and strings, to be put into a larger document.
     *
     * @return a new tree
     */
    public Map<String, Object> toTree() {
        return PlanJson.tree(this);
    }

    /**
     * Prints the plan for people.
     *
     * @return a line for the tenant, and one for each step
     */
    public String toText() {
        StringBuilder text = new StringBuilder("Tenant " + names.describe(tenant) + ": ");
        text.append(steps.isEmpty() ? "nothing to do" : steps.size() + (steps.size() == 1 ? " step" : " steps"));
        steps.forEach(step -> text.append("\n  ").append(step.describe(names)));
        return text.toString();
    }

    /**
     * Returns whose plan this is.
     *
     * @return the tenant
     */
    public TenantId tenant() {
        return tenant;
    }

    /**
     * Returns what the plan does with permissions beyond the required ones.
     *
     * @return keep or revoke
     */
    public ExtraGrants extraGrants() {
        return extraGrants;
    }

    /**
     * Returns the fingerprint of the required permissions that the plan was made for.
     *
     * @return as {@link RequiredPermissionSet#fingerprint()} gives it
     */
    public String requiredFingerprint() {
        return requiredFingerprint;
    }

    /**
     * Returns the steps, in the order in which they depend on each other.
     *
     * @return the steps; those of a tenant without consent are what is expected after it
     */
    public List<PlanStep> steps() {
        return steps;
    }

    /**
     * Returns what people call the tenant and what the steps are about. Names are beside the plan: neither equality nor the
     * digest depends on them, so an approved plan is still the same after a resource was renamed.
     *
     * @return the names, as far as known
     */
    public StepNames names() {
        return names;
    }

    /**
     * Returns this plan with a name for its tenant.
     *
     * @param label what people call the tenant; empty for none
     * @return an equal plan that is printed with the name
     */
    public CpvRefreshPlan withTenantName(String label) {
        return new CpvRefreshPlan(tenant, extraGrants, requiredFingerprint, steps, names.withTenant(label));
    }

    /**
     * Returns the consent that the tenant needs first.
     *
     * @return the step, or empty if the application has consent
     */
    public Optional<PlanStep.Consent> consent() {
        return steps.stream()
                .filter(step -> step.kind() == StepKind.CONSENT)
                .map(PlanStep.Consent.class::cast)
                .findFirst();
    }

    /**
     * Says whether there is nothing to do.
     *
     * @return whether the plan has no step
     */
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /**
     * Says whether the tenant has to be consented first, so that what comes after is only expected.
     *
     * @return whether a step is a consent
     */
    public boolean needsConsent() {
        return consent().isPresent();
    }

    /**
     * Says whether the tenant would lose a permission.
     *
     * @return whether a step revokes an app role or leaves out a scope
     */
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
     * Returns a digest over all that the plan does; names are left out.
     *
     * @return a SHA-256 in lower-case hexadecimal digits, the same on every JVM
     */
    public String digest() {
        String content = JsonText.of(PlanJson.content(this));
        return HexFormat.of()
                .formatHex(RequiredPermissionSet.sha256().digest(content.getBytes(StandardCharsets.UTF_8)));
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
