package dev.cpv.spi;

import dev.cpv.conformance.FleetJournalConformance;
import dev.cpv.conformance.TenantRuleStoreConformance;
import org.junit.jupiter.api.Nested;

class InMemoryFleetStateTest {
    @Nested
    class Rules extends TenantRuleStoreConformance {
        @Override
        protected TenantRuleStore store() {
            return TenantRuleStore.inMemory();
        }
    }

    @Nested
    class Journal extends FleetJournalConformance {
        @Override
        protected FleetJournal journal() {
            return FleetJournal.inMemory();
        }
    }
}
