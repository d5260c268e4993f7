package dev.cpv.examples.postgres;

import dev.cpv.conformance.FleetJournalConformance;
import dev.cpv.spi.FleetJournal;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbcFleetJournalConformanceTest extends FleetJournalConformance {
    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @Override
    protected FleetJournal journal() {
        return JdbcFleetState.open(database.source());
    }

    @Override
    protected FleetJournal reopened() {
        return JdbcFleetState.open(database.source());
    }
}
