package dev.cpv.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cpv.conformance.FleetStoreConformance;
import dev.cpv.model.TenantId;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.RunLock;
import dev.cpv.spi.TenantRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFleetStoreTest {
    private static final TenantRule RULE = TenantRule.exclude(
            new TenantId(UUID.randomUUID()), "They asked for it", "ann", Instant.parse("2026-11-01T00:00:00Z"));

    @TempDir
    private Path directory;

    @Test
    void R30_unreadableRulesAreRefusedRatherThanForgotten() throws IOException {
        FileFleetStore store = FileFleetStore.open(directory);
        store.save(RULE);
        Path file = directory.resolve("rules.json");
        Files.writeString(file, Files.readString(file).replace("EXCLUDE", "EXCL"));

        assertThatThrownBy(store::rules)
                .isInstanceOf(RefreshJournalException.class)
                .hasMessageContaining("rules.json")
                .hasMessageContaining("$.rules[0].kind");
        assertThatThrownBy(() -> store.removeRule(RULE.tenant())).isInstanceOf(RefreshJournalException.class);
        assertThat(file).content().contains("EXCL\"");
    }

    @Test
    void newerFormatIsRefused() throws IOException {
        FileFleetStore store = FileFleetStore.open(directory);
        store.save(RULE);
        Path file = directory.resolve("rules.json");
        Files.writeString(file, Files.readString(file).replace("\"format\" : 1", "\"format\" : 2"));

        assertThatThrownBy(store::rules)
                .isInstanceOf(RefreshJournalException.class)
                .hasMessageContaining("Format 2 is not known");
    }

    @Test
    void sharesItsDirectoryWithAJournalAndRemovesItsOwnLeftoversAlone() throws IOException {
        Path own = Files.writeString(directory.resolve("rules.tmp"), "half");
        Path foreign = Files.writeString(directory.resolve("notes.tmp"), "mine");
        FileRefreshJournal.open(directory);
        assertThat(own).exists();
        FileFleetStore.open(directory).save(RULE);

        assertThat(own).doesNotExist();
        assertThat(foreign).exists();
        assertThat(FileFleetStore.open(directory).rules()).isEqualTo(List.of(RULE));
    }

    @Test
    void R32_aClaimLastsAsLongAsItsProcess() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            Optional<Instant> started = process.info().startInstant();
            claimedBy(process.pid(), started);
            assertThat(FileFleetStore.open(directory).tryLock()).as("it runs").isEmpty();
            claimedBy(process.pid(), Optional.empty());
            assertThat(FileFleetStore.open(directory).tryLock())
                    .as("it may be the one that runs")
                    .isEmpty();
            claimedBy(process.pid(), started.map(time -> time.minusSeconds(60)));
            FileFleetStore.open(directory)
                    .tryLock()
                    .orElseThrow(() -> new AssertionError("that was an earlier process"))
                    .close();
            claimedBy(process.pid(), started);
        } finally {
            process.destroyForcibly().waitFor();
        }

        RunLock lock =
                FileFleetStore.open(directory).tryLock().orElseThrow(() -> new AssertionError("the process has ended"));
        assertThat(directory.resolve("running.json"))
                .content()
                .contains(Long.toString(ProcessHandle.current().pid()));
        lock.close();
        assertThat(directory.resolve("running.json")).doesNotExist();
    }

    private void claimedBy(long process, Optional<Instant> started) throws IOException {
        Files.writeString(
                directory.resolve("running.json"),
                FleetFile.write(new ProcessOwner(UUID.randomUUID(), process, started)));
    }

    @Nested
    class Rules extends FleetStoreConformance {
        @Override
        protected FleetStore store() {
            return FileFleetStore.open(directory);
        }

        @Override
        protected FleetStore reopened() {
            return FileFleetStore.open(directory);
        }
    }
}
