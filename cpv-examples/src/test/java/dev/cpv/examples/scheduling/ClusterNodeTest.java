package dev.cpv.examples.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.examples.postgres.JdbcFleetStore;
import dev.cpv.examples.postgres.JdbcRefreshJournal;
import dev.cpv.examples.postgres.TestDatabase;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.TenantRule;
import dev.cpv.testing.FakeTenant;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ClusterNodeTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    /** Due at once, whatever the time of the day. */
    private final Instant due = Instant.now().minusSeconds(1);

    private final LocalDate night = LocalDate.ofInstant(due, ZoneOffset.UTC);

    private final Customers customers = new Customers();
    private final List<Scheduler> nodes = new ArrayList<>();
    private NightLog log;
    private RefreshJournal journal;
    private JdbcFleetStore state;
    private List<CatalogTenant> listed =
            customers.tenants.stream().map(CatalogTenant::of).toList();

    @BeforeEach
    void begin() throws SQLException {
        log = NightLog.open(DATABASE.source());
        journal = JdbcRefreshJournal.open(DATABASE.source());
        state = JdbcFleetStore.open(DATABASE.source());
        try (Connection connection = DATABASE.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("truncate scheduled_tasks, cpv_night, cpv_journal, cpv_tenant_rule");
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(Scheduler::stop);
    }

    private Scheduler start(String name) {
        CpvClient client = CpvClient.builder(customers.directory, Customers.REQUIRED)
                .journal(journal)
                .name(name)
                .build();
        FleetRefresh fleet = FleetRefresh.builder(client, cancellation -> CatalogSnapshot.of(listed))
                .store(state)
                .build();
        Scheduler node = new ClusterNode(name, client, fleet, log, RefreshOptions.defaults())
                .scheduler(DATABASE.source(), 2)
                .pollingInterval(Duration.ofMillis(50))
                .build();
        nodes.add(node);
        node.start();
        return node;
    }

    private void dispatch() {
        nodes.get(0).reschedule(ClusterNode.NIGHT.instanceId("recurring"), due);
    }

    /** Waits until no tenant is pending or running, and the given number of tasks is left. */
    private void await(int tasks) throws SQLException {
        while (log.report(night).isEmpty() || log.report(night).containsKey("PENDING") || tasks() != tasks) {
            Thread.onSpinWait();
        }
    }

    private static int tasks() throws SQLException {
        try (Connection connection = DATABASE.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*), bool_or(picked) from scheduled_tasks where task_name = 'cpv-tenant'")) {
            return row.next() && !row.getBoolean(2) ? row.getInt(1) : -1;
        }
    }

    private FakeTenant tenant(int number) {
        return customers.directory.tenant(customers.tenants.get(number).toString());
    }

    @Test
    void R32_twoNodesRefreshEachTenantOnceThoughTheNightIsDispatchedTwice() throws SQLException {
        start("one");
        start("two");
        dispatch();
        await(0);
        dispatch();
        await(0);

        assertThat(log.report(night)).isEqualTo(Map.of("UPDATED", 5L));
        for (TenantId tenant : customers.tenants) {
            assertThat(journal.find(tenant)).isPresent();
            assertThat(journal.lease(tenant)).isEmpty();
        }
    }

    @Test
    void R26_onlyWhatIsWorthItIsTriedAgainAndNotBeforeTheTimeThatWasAskedFor() throws SQLException {
        tenant(0).failNext(CpvFailure.of(FailureCode.APP_DISABLED_BY_CUSTOMER, "Disabled"));
        tenant(1)
                .failNext(CpvFailure.builder(FailureCode.SERVICE_UNAVAILABLE, "Busy")
                        .retryAfter(Duration.ofHours(1))
                        .build());
        start("one");
        dispatch();
        await(1);

        assertThat(log.report(night)).isEqualTo(Map.of("FAILED", 2L, "UPDATED", 3L));
        var again = nodes.get(0)
                .getScheduledExecutionsForTask(ClusterNode.TENANT.getTaskName(), Void.class)
                .get(0);
        assertThat(again.getTaskInstance().getId()).isEqualTo(night + " " + customers.tenants.get(1));
        assertThat(again.getExecutionTime()).isAfter(due.plus(Duration.ofHours(1)));

        nodes.get(0).reschedule(again.getTaskInstance(), due);
        await(0);
        assertThat(log.report(night)).isEqualTo(Map.of("FAILED", 1L, "UPDATED", 4L));
    }

    @Test
    void R28_aPartnerWideFailureStopsTheNightOnAllNodes() throws SQLException {
        log.begin(night, customers.tenants);
        tenant(0).failNext(CpvFailure.of(FailureCode.REFRESH_TOKEN_REVOKED, "Revoked"));
        log.ended(
                night,
                customers.tenants.get(0),
                customers.client(new InMemoryRefreshJournal()).refresh(customers.tenants.get(0)),
                true,
                "one");
        start("two");
        dispatch();
        await(0);

        assertThat(log.report(night)).isEqualTo(Map.of("FAILED", 1L, "NOT_ATTEMPTED", 4L));
    }

    @Test
    void R30_whoIsLeftOutIsWrittenDownWithTheReasonAndNeverRefreshed() throws SQLException {
        TenantId excluded = customers.tenants.get(0);
        TenantId notManageable = customers.tenants.get(1);
        TenantId offboarded = customers.tenants.get(2);
        TenantId included = customers.tenants.get(3);
        TenantId notListed = customers.tenants.get(4);
        CpvFailure ended = CpvFailure.of(FailureCode.DELEGATED_ADMIN_ENDED, "Ended");
        listed = List.of(
                CatalogTenant.of(excluded),
                notManageable(notManageable, ended),
                CatalogTenant.of(offboarded),
                notManageable(included, ended));
        state.save(TenantRule.exclude(excluded, "Moves to another partner", "ann", due));
        state.save(TenantRule.include(included, "We know better", "ann", due));
        state.save(TenantRule.include(notListed, "Direct", "ann", due));
        customers.client(journal).refresh(offboarded);
        customers.client(journal).offboard(offboarded);
        int calls = customers.directory.calls(offboarded).size();
        start("one");
        dispatch();
        await(0);

        assertThat(log.report(night)).isEqualTo(Map.of("SKIPPED", 3L, "UPDATED", 2L));
        assertThat(reason(excluded)).startsWith("EXCLUDED Excluded by ann").endsWith("Moves to another partner");
        assertThat(reason(notManageable)).isEqualTo("DELEGATED_ADMIN_ENDED Ended");
        assertThat(reason(offboarded)).startsWith("OFFBOARDED ");
        assertThat(customers.directory.calls(excluded)).isEmpty();
        assertThat(customers.directory.calls(notManageable)).isEmpty();
        assertThat(customers.directory.calls(offboarded)).hasSize(calls);
    }

    @Test
    void R30_anExclusionMadeDuringTheNightHoldsInItAndQuarantineWaitsForTheNext() throws SQLException {
        CpvFailure busy = CpvFailure.builder(FailureCode.SERVICE_UNAVAILABLE, "Busy")
                .retryAfter(Duration.ofHours(1))
                .build();
        for (int i = 0; i < 4; i++) {
            tenant(1).failNext(busy);
            customers.client(journal).refresh(customers.tenants.get(1));
        }
        tenant(0).failNext(busy);
        tenant(1).failNext(busy);
        start("one");
        dispatch();
        await(2);
        assertThat(log.report(night)).isEqualTo(Map.of("FAILED", 2L, "UPDATED", 3L));

        state.save(TenantRule.exclude(customers.tenants.get(0), "Moves", "ann", due));
        for (int i = 0; i < 2; i++) {
            nodes.get(0).reschedule(ClusterNode.TENANT.instanceId(night + " " + customers.tenants.get(i)), due);
        }
        await(0);

        assertThat(log.report(night)).isEqualTo(Map.of("SKIPPED", 1L, "UPDATED", 4L));
        assertThat(reason(customers.tenants.get(0))).startsWith("EXCLUDED ");
    }

    private static CatalogTenant notManageable(TenantId tenant, CpvFailure why) {
        return new CatalogTenant(
                tenant, "", Collections.emptySortedSet(), Optional.of(why), Optional.empty(), Optional.empty());
    }

    private static String reason(TenantId tenant) throws SQLException {
        try (Connection connection = DATABASE.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select failure, message from cpv_night where tenant_id = '" + tenant + "'")) {
            return row.next() ? row.getString(1) + " " + row.getString(2) : "";
        }
    }

    @Test
    void aTenantThatIsDoneIsLeftAloneThoughItsTaskWasNotRemoved() throws SQLException {
        log.begin(night, customers.tenants);
        CpvResult done = customers.client(new InMemoryRefreshJournal()).refresh(customers.tenants.get(0));
        start("two");
        dispatch();
        await(0);
        int calls = customers.directory.calls().size();
        log.ended(night, customers.tenants.get(0), done, true, "one");
        nodes.get(0)
                .scheduleIfNotExists(
                        ClusterNode.TENANT
                                .instance(night + " " + customers.tenants.get(0))
                                .build(),
                        due);
        await(0);

        assertThat(customers.directory.calls()).hasSize(calls);
    }
}
