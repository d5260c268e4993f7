package dev.cpv.examples.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.examples.postgres.Database;
import dev.cpv.examples.postgres.TestDatabase;
import dev.cpv.model.RefreshOutcome;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.config.CronTask;
import org.springframework.scheduling.config.ScheduledTask;
import org.springframework.scheduling.config.ScheduledTaskHolder;

class SpringNightTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Test
    void ofTwoMachinesOneRunsTheNight() {
        new Database(DATABASE.source(), IllegalStateException::new).create(SpringNight.class, "shedlock.sql");
        Customers first = new Customers();
        Customers second = new Customers();
        try (ConfigurableApplicationContext one = application(first.night);
                ConfigurableApplicationContext other = application(second.night)) {
            CronTask midnight = scheduled(one);
            midnight.getRunnable().run();
            scheduled(other).getRunnable().run();
            midnight.getRunnable().run();

            assertThat(midnight.getExpression()).isEqualTo("0 0 0 * * *");
            assertThat(first.outcomes()).hasSize(5).containsOnly(RefreshOutcome.UPDATED);
            assertThat(second.outcomes()).isEmpty();
        }
    }

    private static ConfigurableApplicationContext application(Night night) {
        return new SpringApplicationBuilder(SpringNight.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .initializers(context -> {
                    GenericApplicationContext beans = (GenericApplicationContext) context;
                    beans.registerBean(DataSource.class, DATABASE::source);
                    beans.registerBean(Night.class, () -> night);
                })
                .run();
    }

    private static CronTask scheduled(ConfigurableApplicationContext application) {
        return application.getBean(ScheduledTaskHolder.class).getScheduledTasks().stream()
                .map(ScheduledTask::getTask)
                .map(CronTask.class::cast)
                .findAny()
                .orElseThrow();
    }
}
