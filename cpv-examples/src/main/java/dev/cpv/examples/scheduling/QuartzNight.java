package dev.cpv.examples.scheduling;

import java.util.TimeZone;
import org.quartz.CronScheduleBuilder;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;

/** Quartz: 00:00 UTC, no two nights at one time, and one run at once for nights that were missed. */
@DisallowConcurrentExecution
public final class QuartzNight implements Job {
    static final JobKey KEY = JobKey.jobKey("night", "cpv");

    private final Runnable night;

    private QuartzNight(Runnable night) {
        this.night = night;
    }

    /**
     * Schedules the night.
     *
     * @param scheduler runs it once it is started; this sets its job factory, so let it be one of cpv's own
     * @param night what is to be run
     * @throws SchedulerException if the scheduler refuses
     */
    public static void schedule(Scheduler scheduler, Runnable night) throws SchedulerException {
        // tag::quartz
        scheduler.setJobFactory((fired, owner) -> new QuartzNight(night));
        JobDetail job = JobBuilder.newJob(QuartzNight.class).withIdentity(KEY).build();
        Trigger midnight = TriggerBuilder.newTrigger()
                .withSchedule(CronScheduleBuilder.dailyAtHourAndMinute(0, 0)
                        .inTimeZone(TimeZone.getTimeZone("UTC"))
                        .withMisfireHandlingInstructionFireAndProceed()) // a missed night is caught up once
                .build();
        scheduler.scheduleJob(job, midnight);
        // end::quartz
    }

    @Override
    public void execute(JobExecutionContext context) {
        night.run();
    }
}
