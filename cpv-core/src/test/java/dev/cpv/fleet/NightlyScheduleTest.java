package dev.cpv.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NightlyScheduleTest {
    private static final NightlySchedule UTC = NightlySchedule.utcMidnight();
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void R32_theNightIsAtMidnightUtc() {
        assertThat(UTC.next(at("2026-11-01T13:00:00Z"), Optional.empty())).isEqualTo(at("2026-11-02T00:00:00Z"));
        assertThat(UTC.next(at("2026-11-01T13:00:00Z"), started("2026-11-01T00:00:03Z")))
                .isEqualTo(at("2026-11-02T00:00:00Z"));
        assertThat(UTC.isDue(at("2026-11-02T00:00:00Z"), started("2026-11-01T00:00:03Z")))
                .isTrue();
        assertThat(UTC.isDue(at("2026-11-01T23:59:59.999Z"), started("2026-11-01T00:00:03Z")))
                .isFalse();
    }

    @Test
    void R32_missedNightsAreCaughtUpOnce() {
        Instant now = at("2026-11-05T09:30:00Z");

        assertThat(UTC.next(now, started("2026-11-01T00:00:00Z"))).isEqualTo(now);
        assertThat(UTC.next(now, Optional.of(now))).isEqualTo(at("2026-11-06T00:00:00Z"));
    }

    @Test
    void R32_aClockThatJumpsBackRunsNoNightTwice() {
        Optional<Instant> last = started("2026-11-02T00:00:00Z");

        assertThat(UTC.next(at("2026-11-01T23:59:50Z"), last)).isEqualTo(at("2026-11-03T00:00:00Z"));
        assertThat(UTC.next(at("2026-10-20T00:00:00Z"), last)).isEqualTo(at("2026-11-03T00:00:00Z"));
    }

    @Test
    void R32_everyDayHasOneNightThoughClocksChange() {
        for (LocalTime time : List.of(LocalTime.of(2, 30), LocalTime.MIDNIGHT, LocalTime.of(23, 59))) {
            NightlySchedule schedule = new NightlySchedule(time, BERLIN);
            List<LocalDate> days = new ArrayList<>();
            Instant last = at("2026-01-01T12:00:00Z");
            for (int i = 0; i < 365; i++) {
                last = schedule.next(last.plusSeconds(1), Optional.of(last));
                days.add(last.atZone(BERLIN).toLocalDate());
            }
            assertThat(days).as("nights at %s", time).doesNotHaveDuplicates();
            assertThat(days).isSorted();
            assertThat(days.get(364)).isEqualTo(days.get(0).plusDays(364));
        }
    }

    @Test
    void R32_aTimeThatIsSkippedComesLaterAndOneThatComesTwiceCountsTheFirstTime() {
        NightlySchedule schedule = new NightlySchedule(LocalTime.of(2, 30), BERLIN);

        assertThat(schedule.next(at("2026-03-28T12:00:00Z"), Optional.empty())).isEqualTo(at("2026-03-29T01:30:00Z"));
        assertThat(schedule.next(at("2026-10-24T12:00:00Z"), Optional.empty())).isEqualTo(at("2026-10-25T00:30:00Z"));
        assertThat(schedule.next(at("2026-10-25T01:30:00Z"), started("2026-10-25T00:30:00Z")))
                .as("half past two comes again an hour later")
                .isEqualTo(at("2026-10-26T01:30:00Z"));
    }

    @Test
    void aRunIsOfThisNightUntilTheNextOneBegins() {
        RunRecord run = RunRecord.begun(new UUID(1, 1), at("2026-11-01T00:00:00Z"));

        assertThat(UTC.isSameNight(at("2026-11-01T23:59:00Z"), run)).isTrue();
        assertThat(UTC.isSameNight(at("2026-11-02T00:00:00Z"), run)).isFalse();
    }

    @Test
    void R30_quarantineGrowsToItsBound() {
        Quarantine quarantine = new Quarantine(3, Duration.ofDays(1), Duration.ofDays(5));
        List<Duration> rests = new ArrayList<>();
        for (int failures = 3; failures < 40; failures += 1) {
            rests.add(Duration.between(
                    Records.TIME, quarantine.nextTry(Records.failed(failures)).orElseThrow()));
        }

        assertThat(quarantine.nextTry(Records.failed(2))).isEmpty();
        assertThat(rests.subList(0, 4))
                .containsExactly(
                        Duration.ofDays(1).multipliedBy(9).dividedBy(10),
                        Duration.ofDays(2).multipliedBy(9).dividedBy(10),
                        Duration.ofDays(4).multipliedBy(9).dividedBy(10),
                        Duration.ofDays(5).multipliedBy(9).dividedBy(10));
        assertThat(rests.subList(4, 37))
                .containsOnly(Duration.ofDays(5).multipliedBy(9).dividedBy(10));
    }

    private static Instant at(String text) {
        return Instant.parse(text);
    }

    private static Optional<Instant> started(String text) {
        return Optional.of(at(text));
    }
}
