package dev.cpv.examples.scheduling;

import javax.sql.DataSource;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import net.javacrumbs.shedlock.spring.annotation.EnableSchedulerLock;
import net.javacrumbs.shedlock.spring.annotation.SchedulerLock;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Spring's scheduling on several machines; with ShedLock only one of them runs the night. Needs two beans: the database, with
 * ShedLock's table in it, and the {@link Night}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableScheduling
@EnableSchedulerLock(defaultLockAtMostFor = "PT12H")
@Import(SpringNight.Job.class)
public class SpringNight {
    /** Creates the configuration; called by Spring. */
    public SpringNight() {}

    /**
     * Locks in the database, using the database's clock.
     *
     * @param source the database
     * @return the lock provider for ShedLock
     */
    @Bean
    LockProvider lockProvider(DataSource source) {
        return new JdbcTemplateLockProvider(JdbcTemplateLockProvider.Configuration.builder()
                .withJdbcTemplate(new JdbcTemplate(source))
                .usingDbTime()
                .build());
    }

    // tag::spring
    /** The job that Spring starts. */
    static class Job {
        private final Night night;

        Job(Night night) {
            this.night = night;
        }

        // At most: when the lock of a machine that died ends. At least: more than the clocks of the machines differ.
        @Scheduled(cron = "0 0 0 * * *", zone = "UTC")
        @SchedulerLock(name = "cpv-night", lockAtMostFor = "PT12H", lockAtLeastFor = "PT5M")
        public void run() {
            night.run();
        }
    }
    // end::spring
}
