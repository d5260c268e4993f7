package dev.cpv.examples.night;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.fleet.FleetListener;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.fleet.FleetRun;
import dev.cpv.fleet.NightlySchedule;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.RunLock;
import dev.cpv.spi.RunRecord;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NightlyRunsTest {
    private final Fleet fleet = new Fleet();
    private final List<Instant> starts = new ArrayList<>();
    private final Deque<Runnable> ticks = new ArrayDeque<>();
    private final Deque<Duration> delays = new ArrayDeque<>();
    private final Deque<Runnable> work = new ArrayDeque<>();
    private int cancelled;

    @Test
    void R32_runsOnceANightAndLooksAtTheClockInBetween() {
        fleet.with(2);
        fleet.clock.advance(Duration.ofHours(21));
        try (NightlyRuns nights = nights()) {
            live(Duration.ofHours(52));
            assertThat(nights.running()).isEmpty();
        }
        assertThat(starts)
                .extracting(start -> start.truncatedTo(ChronoUnit.SECONDS))
                .containsExactly(
                        Instant.parse("2026-11-02T00:00:00Z"),
                        Instant.parse("2026-11-03T00:00:00Z"),
                        Instant.parse("2026-11-04T00:00:00Z"));
        assertThat(cancelled).isEqualTo(1);
    }

    @Test
    void R32_aMissedNightIsCaughtUpOnceAtStart() {
        fleet.with(2);
        fleet.store.save(RunRecord.begun(new UUID(1, 1), Fleet.START.minus(Duration.ofDays(3)))
                .ended(RunRecord.State.DONE, Fleet.START.minus(Duration.ofDays(3))));
        fleet.clock.advance(Duration.ofHours(9));
        try (NightlyRuns nights = nights()) {
            live(Duration.ofHours(10));
            assertThat(nights.running()).isEmpty();
        }
        assertThat(starts).containsExactly(Fleet.START.plus(Duration.ofHours(9)));
    }

    @Test
    void R32_aRunThatWasCutOffInThisNightGoesOn() {
        fleet.with(2);
        RunRecord cut = RunRecord.begun(new UUID(1, 1), Fleet.START);
        fleet.store.save(cut);
        fleet.clock.advance(Duration.ofHours(1));
        try (NightlyRuns nights = nights()) {
            live(Duration.ofHours(1));
            assertThat(nights.running()).isEmpty();
        }
        assertThat(starts).containsExactly(Fleet.START);
        assertThat(fleet.store.lastRun().orElseThrow().id()).isEqualTo(cut.id());
        assertThat(fleet.store.lastRun().orElseThrow().state()).isEqualTo(RunRecord.State.DONE);
    }

    @Test
    void R32_runsNeverOverlap() {
        fleet.with(2);
        fleet.clock.advance(Duration.ofHours(23));
        try (NightlyRuns nights = nights()) {
            tickUntilWork();
            FleetRun first = nights.running().orElseThrow();
            fleet.clock.advance(Duration.ofDays(3));
            assertThat(ticks).as("nothing is planned while a run is under way").isEmpty();
            work.remove().run();
            assertThat(first.report()).isDone();
            assertThat(nights.running()).as("the nights missed meanwhile, once").isPresent();
            work.remove().run();
            assertThat(work).isEmpty();
        }
        assertThat(starts).hasSize(2);
    }

    @Test
    void R32_aNightThatIsDueWhileAnotherProcessRunsComesOnceThatOneHasEnded() {
        fleet.with(2);
        fleet.clock.advance(Duration.ofHours(23));
        try (NightlyRuns nights = nights()) {
            RunLock other = fleet.store.tryLock().orElseThrow();
            fleet.store.save(RunRecord.begun(new UUID(1, 1), fleet.clock.instant()));
            live(Duration.ofMinutes(75));
            int tries = starts.size();
            assertThat(tries).as("one in ten minutes").isBetween(1, 3);
            assertThat(fleet.results).isEmpty();
            other.close();
            live(Duration.ofHours(1));
            assertThat(nights.running()).isEmpty();
            assertThat(starts).as("and then no more").hasSize(tries + 1);
        }
        assertThat(fleet.results).hasSize(2);
    }

    @Test
    void R32_aNightThatAnotherProcessDoesIsNotDoneAgain() {
        fleet.with(2);
        fleet.clock.advance(Duration.ofHours(23));
        try (NightlyRuns nights = nights()) {
            tickUntilWork();
            RunLock other = fleet.store.tryLock().orElseThrow();
            fleet.store.save(RunRecord.begun(new UUID(1, 1), fleet.clock.instant()));
            work.remove().run();
            other.close();
            live(Duration.ofHours(20));
            assertThat(nights.running()).isEmpty();
        }
        assertThat(starts).as("the one that was refused").hasSize(1);
        assertThat(fleet.results).isEmpty();
    }

    @Test
    void aRunThatSomebodyCancelsIsNotBegunAgainInThisNight() {
        fleet.with(2);
        fleet.clock.advance(Duration.ofHours(23));
        try (NightlyRuns nights = nights()) {
            tickUntilWork();
            nights.running().orElseThrow().cancel();
            live(Duration.ofHours(5));
        }
        assertThat(starts).hasSize(1);
    }

    @Test
    void closeCancelsTheRunUnderWayAndStartsNoMore() {
        fleet.with(2);
        fleet.clock.advance(Duration.ofHours(23));
        NightlyRuns nights = nights();
        tickUntilWork();
        nights.close();
        live(Duration.ofDays(3));

        assertThat(fleet.store.lastRun().orElseThrow().state()).isEqualTo(RunRecord.State.CANCELLED);
        assertThat(starts).hasSize(1);
    }

    @Test
    void aStoreThatFailsIsNotAskedInABusyLoop() {
        fleet.with(1);
        FleetStore broken = (FleetStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {FleetStore.class}, (proxy, method, args) -> {
                    throw new RefreshJournalException("On purpose", null);
                });
        FleetRefresh refresh = fleet.builder().store(broken).build();
        try (NightlyRuns nights =
                NightlyRuns.start(refresh, NightlySchedule.utcMidnight(), fleet.clock, timer(), work::add)) {
            assertThat(ticks).hasSize(1);
            live(Duration.ofHours(1));
            assertThat(nights.running()).isEmpty();
        }
        assertThat(delays)
                .allMatch(delay -> delay.compareTo(Duration.ofMinutes(10)) >= 0)
                .hasSizeLessThan(10);
    }

    private NightlyRuns nights() {
        FleetRefresh refresh = fleet.builder()
                .addListener(new FleetListener() {
                    @Override
                    public void started(RunRecord run, int total) {
                        starts.add(run.started());
                    }
                })
                .build();
        return NightlyRuns.start(refresh, NightlySchedule.utcMidnight(), fleet.clock, timer(), work::add);
    }

    /** Runs what timer and workers would run in some time. */
    private void live(Duration time) {
        Instant end = fleet.clock.instant().plus(time);
        while (fleet.clock.instant().isBefore(end) && !(work.isEmpty() && ticks.isEmpty())) {
            step();
        }
    }

    private void tickUntilWork() {
        while (work.isEmpty()) {
            step();
        }
    }

    private void step() {
        if (!work.isEmpty()) {
            work.remove().run();
        } else {
            fleet.clock.advance(delays.getLast());
            ticks.remove().run();
        }
    }

    /** A timer that keeps its tasks until the test runs them. */
    private ScheduledExecutorService timer() {
        return (ScheduledExecutorService) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ScheduledExecutorService.class}, (proxy, method, args) -> {
                    if (!method.getName().equals("schedule") || !(args[0] instanceof Runnable tick)) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    ticks.add(tick);
                    delays.add(Duration.of((Long) args[1], ((TimeUnit) args[2]).toChronoUnit()));
                    return Proxy.newProxyInstance(
                            getClass().getClassLoader(),
                            new Class<?>[] {ScheduledFuture.class},
                            (future, call, none) -> {
                                cancelled += call.getName().equals("cancel") ? 1 : 0;
                                return call.getName().equals("cancel") && ticks.remove(tick);
                            });
                });
    }
}
