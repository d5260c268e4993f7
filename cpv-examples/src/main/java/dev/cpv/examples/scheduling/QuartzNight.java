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

/** Quartz: at 00:00 UTC, never two nights at the same time, and one run immediately if nights were missed. */
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
     * @param scheduler runs the night once it is started; this method sets its job factory, so use a scheduler of its own for cpv
     * @param night the night to run
     * @throws SchedulerException if the scheduler refuses
     */
    public static void schedule(Scheduler scheduler, Runnable night) throws SchedulerException {
        // tag::quartz
        scheduler.setJobFactory((fired, owner) -> new QuartzNight(night));
        JobDetail job = JobBuilder.newJob(QuartzNight.class).withIdentity(KEY).build();
        Trigger midnight = TriggerBuilder.newTrigger()
                .withSchedule(CronScheduleBuilder.dailyAtHourAndMinute(0, 0)
                        .inTimeZone(TimeZone.getTimeZone("UTC"))
                        .withMisfireHandlingInstructionFireAndProceed()) // missed nights run once
                .build();
        scheduler.scheduleJob(job, midnight);
        // end::quartz
    }

    @Override
    public void execute(JobExecutionContext context) {
        night.run();
    }
}
