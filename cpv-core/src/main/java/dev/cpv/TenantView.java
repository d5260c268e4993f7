package dev.cpv;

import dev.cpv.model.AppId;
import dev.cpv.model.Assessment;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.ObservedResource.Presence;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.StepKind;
import dev.cpv.model.WriteVerification;
import dev.cpv.spi.StepResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as one operation knows it: as it was read, with what was written since, and what was learnt on the way. It
 * only remembers and computes; {@link TenantAccess} makes the calls to the tenant.
 */
final class TenantView {
    private final RefreshOptions options;
    private final TenantMemory memory;
    private final StepAnswers answers = new StepAnswers();
    /** The resources whose definitions were asked for in this tenant, and the answers. */
    private final Set<AppId> definitionsAsked = new HashSet<>();

    private final Map<AppId, ResourceDefinition> definitions = new HashMap<>();

    /** What the tenant is to hold: the required permissions, and during a reset also those that are to be restored. */
    private RequiredPermissionSet target;

    private ExtraGrants extraGrants;

    /** The last look before the first write. */
    private @Nullable ObservedTenant initial;
    /** The last look. After a removal it is outdated, but what it says of resources still holds. */
    private @Nullable ObservedTenant lastLook;

    private boolean outdated;
    /** The last look with what was written since, which is believed (R17); null if it is unknown what a removal left. */
    private @Nullable ObservedTenant current;

    TenantView(RefreshOptions options, RequiredPermissionSet required, TenantMemory memory) {
        this.options = options;
        this.target = required;
        this.memory = memory;
        this.extraGrants = options.extraGrants();
    }

    // The target

    RequiredPermissionSet target() {
        return target;
    }

    /** Sets what the tenant is to hold from now on; the result always reports on what is required. */
    void setTarget(RequiredPermissionSet permissions) {
        target = permissions;
    }

    /** Leaves extras alone from now on, whatever the options say. */
    void keepExtras() {
        extraGrants = ExtraGrants.KEEP;
    }

    ExtraGrants extraGrants() {
        return extraGrants;
    }

    // What was read, written and learnt

    void observed(ObservedTenant observed) {
        memory.forgetNotCreatable(id -> observed.resource(id).presence() == Presence.PRESENT);
        ObservedTenant look = observed.withNotCreatable(knownNotCreatable());
        lastLook = look;
        outdated = false;
        current = look;
        if (!answers.hasWritten()) {
            initial = look;
        }
    }

    /** R15: what could not be created is not tried again for a week, unless a person asks; never twice in one operation. */
    private Set<AppId> knownNotCreatable() {
        Set<AppId> known = new HashSet<>(memory.notCreatableIds());
        if (options.priority() == Priority.MANUAL) {
            known.removeIf(id -> answers.find(new PlanStep.AddResource(id))
                    .filter(StepAnswers::isNotAvailable)
                    .isEmpty());
        }
        return known;
    }

    /**
     * The resources whose definitions have to be read in this tenant before a permission is reported as not offered
     * (R9); each once.
     */
    Set<AppId> missingDefinitions(Assessment assessment) {
        Set<AppId> open = new HashSet<>(assessment.undefinedResources());
        open.removeAll(definitionsAsked);
        return open;
    }

    void definitionsRead(Set<AppId> asked, Map<AppId, ResourceDefinition> read) {
        definitionsAsked.addAll(asked);
        definitions.putAll(read);
        current = current().withDefinitions(read);
    }

    void answered(Step step, StepResult result) {
        answers.put(step, result);
        switch (step.kind()) {
            case CONSENT -> {} // Proves nothing: the next look does (R6).
            case REMOVE_CONSENT, DELETE_SERVICE_PRINCIPAL -> removed(step, result);
            case ADD_RESOURCE, ASSIGN_APP_ROLE, REVOKE_APP_ROLE, SET_SCOPES, MERGE_GRANTS, RESTORE_ASSIGNMENT ->
                written(step, result);
        }
    }

    private void written(Step step, StepResult result) {
        AppId resource = step.resource();
        if (result.isDone()) {
            memory.forgetNotCreatable(resource::equals);
            result.definition().ifPresent(definition -> definitions.put(resource, definition));
            current = current().after(step, result.definition().orElse(null));
        } else if (step.kind() == StepKind.ADD_RESOURCE && StepAnswers.isNotAvailable(result)) {
            memory.couldNotCreate(resource);
            current = current().withNotCreatable(Set.of(resource));
        }
    }

    /** What a removal left is unknown, even if its answer was lost. */
    private void removed(Step step, StepResult result) {
        if (result.failure().filter(failure -> !failure.retryable()).isPresent()) {
            return; // Refused, so nothing changed.
        }
        outdated = true;
        current = lastLook != null && step.kind() == StepKind.DELETE_SERVICE_PRINCIPAL && result.isDone()
                ? lastLook.after(step, null)
                : null;
    }

    // What is known

    StepAnswers answers() {
        return answers;
    }

    /** The tenant as it was last seen, with what was written since. */
    ObservedTenant current() {
        if (current == null) {
            throw new IllegalStateException("Nothing was observed yet");
        }
        return current;
    }

    boolean isVisible() {
        return current().visibility() == ObservedTenant.Visibility.VISIBLE;
    }

    boolean readsBack() {
        return options.verification() == WriteVerification.READ_BACK;
    }

    /** The state that a result can report: with writes that are believed, or only what a look has shown. */
    Optional<ObservedTenant> reportable() {
        ObservedTenant shown = outdated ? null : lastLook;
        return Optional.ofNullable(readsBack() ? shown : current)
                .filter(state -> state.visibility() == ObservedTenant.Visibility.VISIBLE);
    }

    /** The tenant before anything was written. */
    ObservedTenant initial() {
        return initial == null ? current() : initial;
    }

    // Assessments

    /** The current state against the target. */
    Assessment assess() {
        return Assessment.of(target, current(), extraGrants);
    }

    /** A state against a set, with all that was learnt of what resources publish. */
    Assessment assess(RequiredPermissionSet required, ObservedTenant state) {
        return Assessment.of(required, state.withDefinitions(definitions), extraGrants);
    }
}
