package dev.cpv;

import static dev.cpv.Fixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.journal.FileRefreshJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK Flight Recorder events of an operation. */
class FlightRecorderTest {
    @Test
    void refreshAndItsRoundTripsAreRecorded(@TempDir Path directory) throws IOException {
        Fixture fixture = new Fixture().consented();
        List<CpvResult> results = new ArrayList<>();

        List<RecordedEvent> events = record(directory, () -> results.add(fixture.client.refresh(TENANT)));

        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("dev.cpv.RoundTrip"))
                .extracting(event -> event.getString("call") + " " + event.getInt("steps"))
                .containsExactlyInAnyOrder("observe 0", "apply 4");
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("dev.cpv.Refresh"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getString("tenant")).isEqualTo(TENANT.toString());
                    assertThat(event.getString("operation")).isEqualTo("refresh");
                    assertThat(event.getString("outcome")).isEqualTo("UPDATED");
                    assertThat(event.getString("failureCode")).isNull();
                    assertThat(event.getInt("requests")).isEqualTo(2);
                    assertThat(event.getString("correlationId"))
                            .isEqualTo(results.get(0).correlationId().toString());
                });
    }

    @Test
    void everyOperationIsRecordedUnderItsName(@TempDir Path directory) throws IOException {
        Fixture fixture = new Fixture().inSync();
        fixture.directory.addDomain("contoso.example", TENANT);
        CpvClient client = fixture.builder(fixture.directory, FileRefreshJournal.open(directory.resolve("journal")))
                .build();

        List<RecordedEvent> events = record(directory, () -> {
            client.refresh("contoso.example");
            client.apply(client.preview(TENANT).plan());
            client.reset(client.planReset(TENANT));
            client.offboard(TENANT);
        });

        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("dev.cpv.Refresh"))
                .extracting(event -> event.getString("operation"))
                .containsExactlyInAnyOrder("refresh", "preview", "apply", "plan-reset", "reset", "offboard");
    }

    @Test
    void domainThatDoesNotResolveIsRecorded(@TempDir Path directory) throws IOException {
        Fixture fixture = new Fixture();

        List<RecordedEvent> events = record(directory, () -> fixture.client.refresh("nobody.example"));

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getString("tenant")).isEqualTo("nobody.example");
            assertThat(event.getString("operation")).isEqualTo("refresh");
            assertThat(event.getString("outcome")).isEqualTo("FAILED");
            assertThat(event.getString("failureCode")).isEqualTo("TENANT_NOT_RESOLVED");
        });
    }

    private static List<RecordedEvent> record(Path directory, Runnable work) throws IOException {
        Path file = directory.resolve("refresh.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.cpv.Refresh");
            recording.enable("dev.cpv.RoundTrip");
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file);
    }
}
