package dev.cpv;

import static dev.cpv.Fixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
        Path file = directory.resolve("refresh.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.cpv.Refresh");
            recording.enable("dev.cpv.RoundTrip");
            recording.start();
            fixture.client.refresh(TENANT);
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file);

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
                });
    }
}
