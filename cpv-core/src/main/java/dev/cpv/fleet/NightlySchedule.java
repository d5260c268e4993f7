package dev.cpv.fleet;

import dev.cpv.spi.RunRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;

/**
 * Says when the nightly run starts (R32): once a day at a time of day in a zone, by default 00:00 UTC. Pure functions of the time and
 * of the last start, so any scheduler can use them.
 *
 * <p>A day has one night, even where clocks change: if the time of day is skipped, the night starts later by the length of the gap; if
 * it occurs twice, the first occurrence counts. If the clock is set back, no night runs twice, since the last start is known.
 *
 * @param time the time of day
 * @param zone the zone of that time
 */
public record NightlySchedule(LocalTime time, ZoneId zone) {
    /**
     * Creates the schedule.
     *
     * @throws NullPointerException if an argument is null
     */
    public NightlySchedule {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(zone, "zone");
    }

    /** Returns the default: 00:00 UTC. */
    public static NightlySchedule utcMidnight() {
        return new NightlySchedule(LocalTime.MIDNIGHT, ZoneOffset.UTC);
    }

    /**
     * Returns when the next run should start: at the next night, or {@code now} if one or more nights were missed since the last start.
     *
     * @param now the time
     * @param lastStart when the last run started; empty if there was none, so no night counts as missed
     */
    public Instant next(Instant now, Optional<Instant> lastStart) {
        Instant due = nightAfter(lastStart.orElse(now));
        return due.isBefore(now) ? now : due;
    }

    /**
     * Returns whether a run should start now.
     *
     * @param now the time
     * @param lastStart when the last run started; empty if there was none
     */
    public boolean isDue(Instant now, Optional<Instant> lastStart) {
        return !next(now, lastStart).isAfter(now);
    }

    /**
     * Returns whether no other night has begun since a run started, so that an unfinished run should be resumed instead of a new one
     * started.
     *
     * @param now the time
     * @param run the last run
     */
    public boolean isSameNight(Instant now, RunRecord run) {
        return nightAfter(run.started()).isAfter(now);
    }

    /** The start of the first night after a moment. */
    private Instant nightAfter(Instant moment) {
        LocalDate day = moment.atZone(zone).toLocalDate().minusDays(1);
        Instant night = night(day);
        while (!night.isAfter(moment)) {
            day = day.plusDays(1);
            night = night(day);
        }
        return night;
    }

    private Instant night(LocalDate day) {
        return day.atTime(time).atZone(zone).toInstant();
    }
}
