package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.AppId;
import dev.cpv.model.AssessedPermission;
import dev.cpv.model.Assessment;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.ObservedTenant.Visibility;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RequiredPermissionSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the plan of every tenant. */
class PlanPropertiesTest {
    static LongStream seeds() {
        return Generator.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void planOfThePlannedStateIsEmpty(long seed) {
        Generator generator = new Generator(seed);
        RequiredPermissionSet required = generator.required().plus(RequiredPermissionSet.bootstrap());
        ObservedTenant seen = generator.observed();
        ExtraGrants extraGrants = generator.extraGrants();
        if (seen.visibility() == Visibility.VISIBLE) {
            // A resource that is added shows what it publishes; without that, more may be planned then.
            seen = planned(seen, required, extraGrants, generator);
        }

        ObservedTenant planned = planned(seen, required, extraGrants, generator);

        assertThat(CpvRefreshPlan.between(required, planned, extraGrants).steps())
                .isEmpty();
    }

    private static ObservedTenant planned(
            ObservedTenant seen, RequiredPermissionSet required, ExtraGrants extraGrants, Generator generator) {
        ObservedTenant state = seen;
        for (PlanStep step : CpvRefreshPlan.between(required, seen, extraGrants).steps()) {
            boolean adds = step instanceof PlanStep.AddResource;
            state = state.after(step, adds ? generator.definition(step.resource(), true) : null);
        }
        return state;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void orderOfInputIsIrrelevant(long seed) {
        Generator generator = new Generator(seed);
        var permissions = generator.permissions();
        ObservedTenant seen = generator.observed();
        ExtraGrants extraGrants = generator.extraGrants();
        ObservedTenant shuffled = seen.visibility() == Visibility.VISIBLE
                ? Generator.observed(
                        seen.tenant(),
                        seen.route(),
                        seen.resources(),
                        generator.shuffled(seen.appRoles()),
                        generator.shuffled(seen.grants()))
                : seen;

        assertThat(CpvRefreshPlan.between(Generator.set(generator.shuffled(permissions)), shuffled, extraGrants))
                .isEqualTo(CpvRefreshPlan.between(Generator.set(permissions), seen, extraGrants));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void R10_keepNeverRemoves(long seed) {
        Generator generator = new Generator(seed);
        ObservedTenant seen = generator.observed();

        List<PlanStep> steps = CpvRefreshPlan.between(generator.required(), seen, ExtraGrants.KEEP)
                .steps();

        assertThat(steps).noneMatch(PlanStep.RevokeAppRole.class::isInstance);
        for (PlanStep step : steps) {
            if (step instanceof PlanStep.SetScopes set) {
                assertThat(set.removed()).isEmpty();
                assertThat(lower(set.scopes())).containsAll(present(seen, set.resource()));
            } else if (step instanceof PlanStep.MergeGrants merge) {
                assertThat(merge.removed()).isEmpty();
                assertThat(lower(merge.scopes())).containsAll(present(seen, merge.resource()));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void R14_noScopeStringIsLongerThanAGrantHolds(long seed) {
        Generator generator = new Generator(seed);
        CpvRefreshPlan plan =
                CpvRefreshPlan.between(generator.required(), generator.observed(), generator.extraGrants());

        assertThat(plan.steps()).allSatisfy(step -> {
            if (step instanceof PlanStep.SetScopes set) {
                assertThat(String.join(" ", set.scopes())).hasSizeLessThanOrEqualTo(3850);
            } else if (step instanceof PlanStep.MergeGrants merge) {
                assertThat(String.join(" ", merge.scopes())).hasSizeLessThanOrEqualTo(3850);
            }
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void R16_everyPermissionIsAssessedOnceAndWithAReasonOrAStepWhereItIsMissing(long seed) {
        Generator generator = new Generator(seed);
        RequiredPermissionSet required = generator.required();

        Assessment assessment = Assessment.of(required, generator.observed(), generator.extraGrants());

        assertThat(assessment.permissions())
                .extracting(AssessedPermission::permission)
                .containsExactlyElementsOf(required.permissions());
        assertThat(assessment.permissions()).allSatisfy(permission -> {
            switch (permission.standing()) {
                case GRANTED ->
                    assertThat(permission.value().isPresent()
                                    || permission.permission().guid().isPresent())
                            .isTrue();
                case MISSING ->
                    assertThat(assessment.plan().steps())
                            .contains(permission.step().orElseThrow());
                default -> assertThat(permission.reason()).isPresent();
            }
        });
    }

    private static Set<String> present(ObservedTenant seen, AppId resource) {
        return seen.grants(resource).stream()
                .flatMap(grant -> lower(grant.scopes()).stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> lower(List<String> scopes) {
        return scopes.stream().map(scope -> scope.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }
}
