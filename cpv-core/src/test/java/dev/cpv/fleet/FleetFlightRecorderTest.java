package dev.cpv.fleet;

import static dev.cpv.fleet.Fleet.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.FailureCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK Flight Recorder event of a run. */
class FleetFlightRecorderTest {
    private final Fleet fleet = new Fleet();

    @TempDir
    private Path directory;

    @Test
    void aRunIsOneEventWithWhatTheReportSays() throws IOException {
        fleet.with(5);
        fleet.tenant(1).failNext(failure(FailureCode.CONDITIONAL_ACCESS_BLOCKED));
        fleet.tenant(3).failNext(failure(FailureCode.APP_DISABLED_BY_CUSTOMER));
        try (Recording recording = recording()) {
            ExecutorService pool = Executors.newFixedThreadPool(2);
            FleetReport report;
            long begin = System.nanoTime();
            try {
                report = fleet.builder().concurrency(3).maxAttention(1).build().run(pool);
            } finally {
                pool.shutdownNow();
            }
            Duration taken = Duration.ofNanos(System.nanoTime() - begin);

            RecordedEvent event = event(recording);
            assertThat(event.getString("run")).isEqualTo(report.run().id().toString());
            assertThat(event.getInt("tenants")).isEqualTo(5);
            assertThat(event.getInt("attention")).as("listed or not").isEqualTo(2);
            assertThat(event.getString("alarm")).isNull();
            assertThat(event.getLong("requests"))
                    .isEqualTo(fleet.directory.calls().size())
                    .isEqualTo(report.requests());
            assertThat(event.getDuration()).isPositive().isLessThanOrEqualTo(taken);
        }
    }

    @Test
    void R28_theAlarmThatStoppedARunIsTold() throws IOException {
        fleet.with(3);
        for (int i = 0; i < 3; i++) {
            fleet.tenant(i).failNext(failure(FailureCode.REFRESH_TOKEN_REVOKED));
        }
        try (Recording recording = recording()) {
            fleet.run();

            RecordedEvent event = event(recording);
            assertThat(event.getString("alarm")).isEqualTo("REFRESH_TOKEN_REVOKED");
            assertThat(event.getInt("tenants")).isEqualTo(3);
            assertThat(event.getInt("attention")).isZero();
        }
    }

    private static Recording recording() {
        Recording recording = new Recording();
        recording.enable("dev.cpv.FleetRun");
        recording.start();
        return recording;
    }

    private RecordedEvent event(Recording recording) throws IOException {
        recording.stop();
        Path file = directory.resolve("run.jfr");
        recording.dump(file);
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("dev.cpv.FleetRun"))
                .toList();
        assertThat(events).hasSize(1);
        return events.get(0);
    }
}
