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
 * When the night is (R32): once a day at a time of a zone, 00:00 UTC unless another one is chosen. Pure functions of the time and of
 * the last start, so any scheduler can ask; {@link NightlyRuns} is one.
 *
 * <p>A day has one night, also where clocks change: a time that is skipped comes as much later, one that comes twice counts the
 * first time. A clock that jumps back runs no night twice, since the last start tells.
 *
 * @param time the time of day
 * @param zone where that time is
 */
public record NightlySchedule(LocalTime time, ZoneId zone) {
    /**
     * Creates the schedule.
     *
     * @param time the time of day
     * @param zone where that time is
     * @throws NullPointerException if an argument is null
     */
    public NightlySchedule {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(zone, "zone");
    }

    /**
     * Returns the default.
     *
     * @return 00:00 UTC
     */
    public static NightlySchedule utcMidnight() {
        return new NightlySchedule(LocalTime.MIDNIGHT, ZoneOffset.UTC);
    }

    /**
     * Says when the next run is to start.
     *
     * @param now the time
     * @param lastStart when the last run started; empty if there was none, then nothing is caught up
     * @return the start of the next night; if a night was missed since the last start, {@code now}: once, however many they were
     */
    public Instant next(Instant now, Optional<Instant> lastStart) {
        Instant due = nightAfter(lastStart.orElse(now));
        return due.isBefore(now) ? now : due;
    }

    /**
     * Says whether a run is to start now.
     *
     * @param now the time
     * @param lastStart when the last run started; empty if there was none
     * @return whether the next start has come
     */
    public boolean isDue(Instant now, Optional<Instant> lastStart) {
        return !next(now, lastStart).isAfter(now);
    }

    /**
     * Says whether a run that did not come to its end is still of this night, so that it goes on rather than starts anew.
     *
     * @param now the time
     * @param run the last run
     * @return whether no other night has begun since its start
     */
    public boolean isSameNight(Instant now, RunRecord run) {
        return nightAfter(run.started()).isAfter(now);
    }

    /** The first night that is later than a moment. */
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
