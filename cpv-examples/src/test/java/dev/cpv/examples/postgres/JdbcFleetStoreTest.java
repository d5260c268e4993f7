package dev.cpv.examples.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.cpv.spi.FleetStore;
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

/** The fleet store in PostgreSQL: what the rules of every fleet store do not cover. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class JdbcFleetStoreTest {
    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private static final String LOCKS =
            " from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname ="
                    + " current_database())";

    @Test
    void R32_aLockEndsWithItsProcess() throws SQLException {
        FleetStore store = JdbcFleetStore.open(database.source());
        RunLock lost = store.tryLock().orElseThrow();
        assertThat(select("select count(pg_terminate_backend(pid))" + LOCKS)).isEqualTo(1);

        Optional<RunLock> next = store.tryLock();
        while (next.isEmpty()) {
            Thread.onSpinWait(); // the server ends the other session asynchronously
            next = store.tryLock();
        }
        assertThat(store.tryLock()).isEmpty();
        try {
            lost.close();
        } catch (RuntimeException e) {
            assertThat(e).hasMessageContaining("database");
        }
        assertThat(store.tryLock()).as("of another one").isEmpty();
        next.orElseThrow().close();
    }

    @Test
    void R32_aLockLeavesNoTransactionOpenAndGivesItsConnectionBack() throws SQLException {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            pool.setMaximumPoolSize(2);
            pool.setAutoCommit(false);
            FleetStore store = JdbcFleetStore.open(pool);
            for (int i = 0; i < 3; i++) {
                RunLock lock = store.tryLock().orElseThrow();
                assertThat(store.tryLock()).isEmpty();
                assertThat(select("select count(*) from pg_stat_activity where state = 'idle in transaction'"
                                + " and datname = current_database()"))
                        .isZero();
                lock.close();
                lock.close();
            }
            assertThat(select("select count(*)" + LOCKS)).isZero();
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
