package dev.cpv.spi;

import dev.cpv.conformance.RefreshJournalConformance;

class InMemoryRefreshJournalConformanceTest extends RefreshJournalConformance {
    @Override
    protected RefreshJournal journal() {
        return RefreshJournal.inMemory();
    }
}
