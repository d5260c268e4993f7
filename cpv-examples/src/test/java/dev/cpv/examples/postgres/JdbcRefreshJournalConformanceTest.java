package dev.cpv.examples.postgres;

import dev.cpv.conformance.RefreshJournalConformance;
import dev.cpv.spi.RefreshJournal;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbcRefreshJournalConformanceTest extends RefreshJournalConformance {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    protected RefreshJournal journal() {
        return JdbcRefreshJournal.open(DATABASE.source());
    }

    @Override
    protected RefreshJournal reopened() {
        return JdbcRefreshJournal.open(DATABASE.source());
    }
}
