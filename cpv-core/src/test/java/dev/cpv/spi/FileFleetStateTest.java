package dev.cpv.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cpv.conformance.FleetJournalConformance;
import dev.cpv.conformance.TenantRuleStoreConformance;
import dev.cpv.model.TenantId;
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

class FileFleetStateTest {
    private static final TenantRule RULE = TenantRule.exclude(
            new TenantId(UUID.randomUUID()), "They asked for it", "ann", Instant.parse("2026-11-01T00:00:00Z"));

    @TempDir
    private Path directory;

    @Test
    void R30_unreadableRulesAreRefusedRatherThanForgotten() throws IOException {
        FileFleetState state = FileFleetState.open(directory);
        state.put(RULE);
        Path file = directory.resolve("rules.json");
        Files.writeString(file, Files.readString(file).replace("EXCLUDE", "EXCL"));

        assertThatThrownBy(state::list)
                .isInstanceOf(RefreshJournalException.class)
                .hasMessageContaining("rules.json")
                .hasMessageContaining("$.rules[0].kind");
        assertThatThrownBy(() -> state.remove(RULE.tenant())).isInstanceOf(RefreshJournalException.class);
        assertThat(file).content().contains("EXCL\"");
    }

    @Test
    void newerFormatIsRefused() throws IOException {
        FileFleetState state = FileFleetState.open(directory);
        state.put(RULE);
        Path file = directory.resolve("rules.json");
        Files.writeString(file, Files.readString(file).replace("\"format\" : 1", "\"format\" : 2"));

        assertThatThrownBy(state::list)
                .isInstanceOf(RefreshJournalException.class)
                .hasMessageContaining("Format 2 is not known");
    }

    @Test
    void sharesItsDirectoryWithAJournalAndRemovesItsOwnLeftoversAlone() throws IOException {
        Path own = Files.writeString(directory.resolve("rules.tmp"), "half");
        Path foreign = Files.writeString(directory.resolve("notes.tmp"), "mine");
        FileRefreshJournal.open(directory);
        assertThat(own).exists();
        FileFleetState.open(directory).put(RULE);

        assertThat(own).doesNotExist();
        assertThat(foreign).exists();
        assertThat(FileFleetState.open(directory).list()).isEqualTo(List.of(RULE));
    }

    @Test
    void R32_aClaimLastsAsLongAsItsProcess() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            Optional<Instant> started = process.info().startInstant();
            claimedBy(process.pid(), started);
            assertThat(FileFleetState.open(directory).claim()).as("it runs").isEmpty();
            claimedBy(process.pid(), Optional.empty());
            assertThat(FileFleetState.open(directory).claim())
                    .as("it may be the one that runs")
                    .isEmpty();
            claimedBy(process.pid(), started.map(time -> time.minusSeconds(60)));
            FileFleetState.open(directory)
                    .claim()
                    .orElseThrow(() -> new AssertionError("that was an earlier process"))
                    .close();
            claimedBy(process.pid(), started);
        } finally {
            process.destroyForcibly().waitFor();
        }

        RunLock claim =
                FileFleetState.open(directory).claim().orElseThrow(() -> new AssertionError("the process has ended"));
        assertThat(directory.resolve("running.json"))
                .content()
                .contains(Long.toString(ProcessHandle.current().pid()));
        claim.close();
        assertThat(directory.resolve("running.json")).doesNotExist();
    }

    private void claimedBy(long process, Optional<Instant> started) throws IOException {
        Files.writeString(
                directory.resolve("running.json"),
                FleetFile.write(new ProcessOwner(UUID.randomUUID(), process, started)));
    }

    @Nested
    class Rules extends TenantRuleStoreConformance {
        @Override
        protected TenantRuleStore store() {
            return FileFleetState.open(directory);
        }

        @Override
        protected TenantRuleStore reopened() {
            return FileFleetState.open(directory);
        }
    }

    @Nested
    class Journal extends FleetJournalConformance {
        @Override
        protected FleetJournal journal() {
            return FileFleetState.open(directory);
        }

        @Override
        protected FleetJournal reopened() {
            return FileFleetState.open(directory);
        }
    }
}
