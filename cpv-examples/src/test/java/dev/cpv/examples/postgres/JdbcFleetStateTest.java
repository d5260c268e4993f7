package dev.cpv.examples.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.cpv.spi.FleetJournal;
import dev.cpv.spi.RunLock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the fleet's state in PostgreSQL adds to the rules of every journal. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class JdbcFleetStateTest {
    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private static final String CLAIMS =
            " from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname ="
                    + " current_database())";

    @Test
    void R32_aClaimEndsWithItsProcess() throws SQLException {
        FleetJournal journal = JdbcFleetState.open(database.source());
        RunLock lost = journal.claim().orElseThrow();
        assertThat(select("select count(pg_terminate_backend(pid))" + CLAIMS)).isEqualTo(1);

        Optional<RunLock> next = journal.claim();
        while (next.isEmpty()) {
            Thread.onSpinWait(); // the server ends the other one's session in its own time
            next = journal.claim();
        }
        assertThat(journal.claim()).isEmpty();
        try {
            lost.close();
        } catch (RuntimeException e) {
            assertThat(e).hasMessageContaining("database");
        }
        assertThat(journal.claim()).as("of another one").isEmpty();
        next.orElseThrow().close();
    }

    @Test
    void R32_aClaimLeavesNoTransactionOpenAndGivesItsConnectionBack() throws SQLException {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            pool.setMaximumPoolSize(2);
            pool.setAutoCommit(false);
            FleetJournal journal = JdbcFleetState.open(pool);
            for (int i = 0; i < 3; i++) {
                RunLock claim = journal.claim().orElseThrow();
                assertThat(journal.claim()).isEmpty();
                assertThat(select("select count(*) from pg_stat_activity where state = 'idle in transaction'"
                                + " and datname = current_database()"))
                        .isZero();
                claim.close();
                claim.close();
            }
            assertThat(select("select count(*)" + CLAIMS)).isZero();
        }
    }

    private int select(String sql) throws SQLException {
        try (Connection connection = database.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getInt(1) : -1;
        }
    }
}
