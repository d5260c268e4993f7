package dev.cpv.examples.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cpv.conformance.RefreshJournalConformance;
import dev.cpv.spi.RefreshJournal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A pool that is smaller than the number of threads, whose connections have no automatic commit. */
class PooledRefreshJournalConformanceTest extends RefreshJournalConformance {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final HikariDataSource pool = pool(3);

    static HikariDataSource pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(DATABASE.url());
        config.setMaximumPoolSize(size);
        config.setAutoCommit(false);
        return new HikariDataSource(config);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Override
    protected RefreshJournal journal() {
        return JdbcRefreshJournal.open(pool);
    }

    @Override
    protected RefreshJournal reopened() {
        return JdbcRefreshJournal.open(DATABASE.source());
    }
}
