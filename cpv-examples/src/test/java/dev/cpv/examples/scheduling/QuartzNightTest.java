package dev.cpv.examples.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.RefreshOutcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.impl.DirectSchedulerFactory;

class QuartzNightTest {
    private final Customers customers = new Customers();
    private Scheduler scheduler;

    @BeforeEach
    void start() throws SchedulerException {
        DirectSchedulerFactory factory = DirectSchedulerFactory.getInstance();
        factory.createVolatileScheduler(1);
        scheduler = factory.getScheduler();
    }

    @AfterEach
    void stop() throws SchedulerException {
        scheduler.shutdown(true);
    }

    @Test
    void quartzRunsTheNight() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        QuartzNight.schedule(scheduler, () -> {
            customers.night.run();
            ended.countDown();
        });
        scheduler.start();
        scheduler.triggerJob(QuartzNight.KEY);

        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(customers.outcomes()).hasSize(5).containsOnly(RefreshOutcome.UPDATED);
    }

    @Test
    @SuppressWarnings("JavaUtilDate") // Quartz's API uses it.
    void R32_theNightBeginsAtMidnightUtc() throws Exception {
        QuartzNight.schedule(scheduler, customers.night);
        Trigger trigger = scheduler.getTriggersOfJob(QuartzNight.KEY).get(0);

        Instant next = trigger.getFireTimeAfter(new Date()).toInstant();
        assertThat(next).isEqualTo(next.truncatedTo(ChronoUnit.DAYS));
        assertThat(trigger.getFireTimeAfter(Date.from(next))).isEqualTo(next.plus(1, ChronoUnit.DAYS));
    }
}
