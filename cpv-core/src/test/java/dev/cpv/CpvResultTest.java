package dev.cpv;

import static dev.cpv.Fixture.DEFENDER;
import static dev.cpv.Fixture.DEFENDER_ROLE;
import static dev.cpv.Fixture.GRAPH;
import static dev.cpv.Fixture.GRAPH_ROLE;
import static dev.cpv.Fixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.PermissionOutcome.Status;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PermissionType;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.Step;
import dev.cpv.spi.StepResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a result says of its failures. */
class CpvResultTest {
    private static final CpvFailure PERMANENT = Fixture.failure(FailureCode.TENANT_GONE);
    private static final CpvFailure SOON = retryable(Duration.ofSeconds(20));
    private static final CpvFailure LATER = retryable(Duration.ofMinutes(5));

    @Test
    void failuresAreThoseOfTheOperationOfPermissionsAndOfStepsEachOnce() {
        CpvResult result = result(PERMANENT, LATER, SOON);

        assertThat(result.failures()).containsExactly(PERMANENT, LATER, SOON);
        assertThat(result(SOON, SOON, SOON).failures()).containsExactly(SOON);
    }

    @Test
    void reasonOfAPermissionThatIsInSyncIsNoFailure() {
        CpvResult result = new CpvResultBuilder("t", TENANT, RefreshOutcome.UP_TO_DATE)
                .permissions(List.of(permission(Status.NOT_APPLICABLE, PERMANENT)))
                .build();

        assertThat(result.failures()).isEmpty();
        assertThat(result.retryAfter()).isEmpty();
    }

    @Test
    void retryAfterIsTheLongestTimeThatWasAskedFor() {
        assertThat(result(SOON, LATER, PERMANENT).retryAfter()).contains(Duration.ofMinutes(5));
        assertThat(result(PERMANENT, PERMANENT, SOON).retryAfter()).contains(Duration.ofSeconds(20));
    }

    @Test
    void retryAfterIsZeroWhereNothingWasAskedForAndEmptyWhereNothingCanPass() {
        CpvFailure unasked = Fixture.failure(FailureCode.NETWORK_FAILURE);

        assertThat(result(unasked, PERMANENT, PERMANENT).retryAfter()).contains(Duration.ZERO);
        assertThat(result(PERMANENT, PERMANENT, PERMANENT).retryAfter()).isEmpty();
        assertThat(result(PERMANENT, PERMANENT, PERMANENT).worthRetrying()).isFalse();
    }

    private static CpvResult result(CpvFailure ofAll, CpvFailure ofPermission, CpvFailure ofStep) {
        return new CpvResultBuilder("t", TENANT, RefreshOutcome.PARTIAL)
                .failure(ofAll)
                .permissions(List.of(permission(Status.FAILED, ofPermission)))
                .steps(Map.<Step, StepResult>of(
                        new PlanStep.AssignAppRole(DEFENDER, DEFENDER_ROLE), StepResult.failed(ofStep)))
                .build();
    }

    private static PermissionOutcome permission(Status status, CpvFailure failure) {
        RequiredPermission permission =
                new RequiredPermission(GRAPH, PermissionType.APPLICATION, GRAPH_ROLE.toString());
        return new PermissionOutcome(permission, null, new TreeSet<>(List.of("app")), status, failure);
    }

    private static CpvFailure retryable(Duration after) {
        return CpvFailure.builder(FailureCode.THROTTLED, "On purpose")
                .retryAfter(after)
                .build();
    }
}
