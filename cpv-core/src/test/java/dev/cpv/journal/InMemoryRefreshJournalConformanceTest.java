package dev.cpv.journal;

import dev.cpv.conformance.RefreshJournalConformance;
import dev.cpv.spi.RefreshJournal;

class InMemoryRefreshJournalConformanceTest extends RefreshJournalConformance {
    @Override
    protected RefreshJournal journal() {
        return new InMemoryRefreshJournal();
    }
}
