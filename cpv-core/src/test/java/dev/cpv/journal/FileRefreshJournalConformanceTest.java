package dev.cpv.journal;

import dev.cpv.conformance.RefreshJournalConformance;
import dev.cpv.spi.RefreshJournal;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileRefreshJournalConformanceTest extends RefreshJournalConformance {
    @TempDir
    private Path directory;

    @Override
    protected RefreshJournal journal() {
        return FileRefreshJournal.open(directory);
    }

    @Override
    protected RefreshJournal reopened() {
        return FileRefreshJournal.open(directory);
    }
}
