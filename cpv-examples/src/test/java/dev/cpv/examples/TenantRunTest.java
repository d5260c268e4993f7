package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.model.AppId;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.testing.FakeTenantDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TenantRunTest {
    private final RequiredPermissionSet required = RequiredPermissionSet.builder("app")
            .application(AppId.MICROSOFT_GRAPH, "User.Read.All")
            .build();
    private final FakeTenantDirectory directory = FakeTenantDirectory.offering(required);
    private final CpvClient client = CpvClient.create(directory, required);
    private final Cancellation cancellation = new Cancellation();
    private final List<CpvResult> results = new ArrayList<>();

    @Test
    void R28_afterAFailureOfThePartnersOwnTheOthersAreNotAttempted() {
        directory.tenant(tenant(2)).failNext(CpvFailure.of(FailureCode.REFRESH_TOKEN_REVOKED, "Revoked"));

        run(5, 1);

        assertThat(results)
                .extracting(CpvResult::outcome)
                .containsExactly(
                        RefreshOutcome.UPDATED,
                        RefreshOutcome.FAILED,
                        RefreshOutcome.NOT_ATTEMPTED,
                        RefreshOutcome.NOT_ATTEMPTED,
                        RefreshOutcome.NOT_ATTEMPTED);
        assertThat(directory.calls(tenant(3))).isEmpty();
    }

    @Test
    void R28_aTenantNotAttemptedHasTheMembersOfEveryResult() throws IOException {
        directory.tenant(tenant(1)).failNext(CpvFailure.of(FailureCode.REFRESH_TOKEN_REVOKED, "Revoked"));

        run(2, 1);

        JsonNode failed = new ObjectMapper().readTree(results.get(0).toJson());
        JsonNode notAttempted = new ObjectMapper().readTree(results.get(1).toJson());
        assertThat(notAttempted.path("tenantId").asText()).isEqualTo(tenant(2).toString());
        assertThat(notAttempted.path("outcome").asText()).isEqualTo("NOT_ATTEMPTED");
        assertThat(notAttempted.path("failure").fieldNames())
                .toIterable()
                .containsExactlyElementsOf(failed.path("failure")::fieldNames);
        assertThat(failed.fieldNames()).toIterable().containsAll(notAttempted::fieldNames);
        Tally tally = new Tally();
        tally.add(results.get(1));
        assertThat(tally.exitStatus()).isEqualTo(ExitStatus.SOME_NOT_WELL);
    }

    @Test
    void aFailureOfOneTenantStopsNoOther() {
        directory.tenant(tenant(1)).failNext(CpvFailure.of(FailureCode.TENANT_GONE, "Gone"));

        run(3, 1);

        assertThat(results)
                .extracting(CpvResult::outcome)
                .containsExactly(RefreshOutcome.FAILED, RefreshOutcome.UPDATED, RefreshOutcome.UPDATED);
    }

    @Test
    void onceCancelledTheRestIsNotAttempted() {
        List<TenantRun.Job> jobs = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> new TenantRun.Job(tenant(i), () -> {
                    cancellation.cancel();
                    return client.refresh(tenant(i));
                }))
                .toList();

        new TenantRun(cancellation).run(jobs, 1, results::add);

        assertThat(results)
                .extracting(CpvResult::outcome)
                .containsExactly(RefreshOutcome.UPDATED, RefreshOutcome.NOT_ATTEMPTED, RefreshOutcome.NOT_ATTEMPTED);
        assertThat(results.get(1).failure().orElseThrow().message()).contains("cancelled");
    }

    @Test
    @Timeout(20)
    void asManyAsAskedForAreAtWorkAtATime() {
        CountDownLatch together = new CountDownLatch(3);
        List<TenantRun.Job> jobs = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> new TenantRun.Job(tenant(i), () -> {
                    together.countDown();
                    assertThat(await(together)).isTrue();
                    return client.refresh(tenant(i));
                }))
                .toList();

        new TenantRun(cancellation).run(jobs, 3, results::add);

        assertThat(results).hasSize(3);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run(int tenants, int concurrency) {
        List<TenantRun.Job> jobs = IntStream.rangeClosed(1, tenants)
                .mapToObj(i -> new TenantRun.Job(tenant(i), () -> client.refresh(tenant(i))))
                .toList();
        new TenantRun(cancellation).run(jobs, concurrency, results::add);
    }

    private static TenantId tenant(int number) {
        return TenantId.of("5e1f0c0a-0000-4000-8000-00000000000" + number);
    }
}
