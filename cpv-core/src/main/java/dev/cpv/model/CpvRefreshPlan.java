package dev.cpv.model;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.cpv.internal.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * The steps that reconcile one tenant with the required permissions. A value: it can be printed, compared, approved by
 * a person, and read back from JSON. Immutable.
 */
public final class CpvRefreshPlan {
    private final TenantId tenant;
    private final ExtraGrants extraGrants;
    private final String requiredFingerprint;
    private final List<PlanStep> steps;

    CpvRefreshPlan(TenantId tenant, ExtraGrants extraGrants, String requiredFingerprint, List<PlanStep> steps) {
        this.tenant = tenant;
        this.extraGrants = extraGrants;
        this.requiredFingerprint = requiredFingerprint;
        this.steps = List.copyOf(steps);
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
     * Prints the plan as one line of JSON, with a digest that shows any later change. Jackson writes a plan in the same way, so a
     * web application can return one.
     */
    @JsonValue
    @JsonRawValue
    public String toJson() {
        return JsonText.of(PlanJson.tree(this));
    }

    /** Prints the plan for people: a line for the tenant, and one for each step. */
    public String toText() {
        StringBuilder text = new StringBuilder("Tenant " + tenant + ": ");
        text.append(steps.isEmpty() ? "nothing to do" : steps.size() + (steps.size() == 1 ? " step" : " steps"));
        steps.forEach(step -> text.append("\n  ").append(step.describe()));
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
     * Returns the steps, in the order in which they depend on each other.
     *
     * @return the steps; those of a tenant without consent are what is expected after it
     */
    public List<PlanStep> steps() {
        return steps;
    }

    /** Returns whether the plan has no step. */
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Returns whether the tenant has to be consented first, so that the steps after the consent are only expected. */
    public boolean needsConsent() {
        return steps.stream().anyMatch(PlanStep.Consent.class::isInstance);
    }

    /** Returns whether a step revokes an app role or leaves out a scope. */
    public boolean removesPermissions() {
        return steps.stream().anyMatch(CpvRefreshPlan::removesPermissions);
    }

    private static boolean removesPermissions(PlanStep step) {
        if (step instanceof PlanStep.SetScopes set) {
            return !set.removed().isEmpty();
        }
        if (step instanceof PlanStep.MergeGrants merge) {
            return !merge.removed().isEmpty();
        }
        return step instanceof PlanStep.RevokeAppRole;
    }

    /** Returns a digest over the whole plan: a SHA-256 in lower-case hexadecimal digits, the same on every JVM. */
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
