package dev.cpv.examples.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.examples.scale.SimulatedFleet.Kind;
import dev.cpv.fleet.FleetListener;
import dev.cpv.fleet.FleetReport;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.RunRecord;
import dev.cpv.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A night in which some tenants are new, drifted, throttled or failing; {@link FleetAtScaleTest} has more of them. */
@Timeout(120)
class MixedNightTest {
    private static final int TENANTS = 300;
    private static final int ALL = TENANTS + TENANTS / 20;

    @TempDir
    private Path folder;

    private final ManualClock time = new ManualClock(Instant.parse("2026-11-20T00:00:00Z"));
    private final MicrosoftSimulator microsoft =
            MicrosoftSimulator.builder().clock(time).contractValidation(false).build();
    private final SimulatedFleet fleet = new SimulatedFleet(microsoft, TENANTS);

    @BeforeEach
    void firstNight() throws Exception {
        FleetReport report = night("first", 0);
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.UP_TO_DATE, TENANTS));
        new Judge(fleet.truths()).night(folder.resolve("first"));
        fleet.change();
    }

    @AfterEach
    void stop() {
        microsoft.close();
    }

    @Test
    void everyOutcomeIsWhatTheSimulatorKnows() throws Exception {
        FleetReport report = night("night", 0);

        Judge judge = new Judge(fleet.truths());
        judge.night(folder.resolve("night"));
        assertThat(judge.kinds()).containsOnlyKeys(Kind.values());
        assertThat(report.alarm()).isEmpty();
        assertThat(report.total()).isEqualTo(ALL);
        assertThat(report.outcomes()).isEqualTo(judge.outcomes());
    }

    @Test
    void R18_aNightThatIsCancelledInTheMiddleAndResumedIsOneWholeRun() throws Exception {
        night("night", 0);
        fleet.truths();
        fleet.changeAgain();

        FleetReport before = night("before", ALL / 2);
        FleetReport after = night("after", 0);

        Judge judge = new Judge(fleet.truths());
        judge.parts(folder.resolve("before"), folder.resolve("after"));
        assertThat(before.run().state()).isEqualTo(RunRecord.State.CANCELLED);
        assertThat(before.count(RefreshOutcome.NOT_ATTEMPTED)).isPositive();
        assertThat(after.run().state()).isEqualTo(RunRecord.State.DONE);
        assertThat(after.run().id()).isEqualTo(before.run().id());
        assertThat(after.total()).isEqualTo(ALL);
        assertThat(after.doneBefore())
                .isEqualTo(ALL - before.count(RefreshOutcome.NOT_ATTEMPTED) - before.count(RefreshOutcome.CANCELLED));
    }

    private FleetReport night(String name, int cancelAfter) throws Exception {
        time.advance(Duration.ofDays(1));
        return new RememberedNight(Partner.of(microsoft), folder, time, time)
                .run(folder.resolve(name), cancelAfter, new FleetListener() {});
    }
}
