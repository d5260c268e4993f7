package dev.cpv.examples.scheduling;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import dev.cpv.CpvClient;
import dev.cpv.CpvRefreshException;
import dev.cpv.CpvResult;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogTenant;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One of several machines that share the night through PostgreSQL, by db-scheduler. At 00:00 UTC one of them writes down a task for
 * each tenant, and all take from these. What a machine that died had at work is taken over by another one once its heartbeats are
 * missed and its lease on the tenant has ended.
 */
public final class ClusterNode {
    static final TaskDescriptor<Void> NIGHT = TaskDescriptor.of("cpv-night");
    static final TaskDescriptor<Void> TENANT = TaskDescriptor.of("cpv-tenant");
    private static final int MAX_RETRIES = 5;
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final String name;
    private final CpvClient client;
    private final FleetRefresh fleet;
    private final NightLog log;
    private final RefreshOptions options;

    /**
     * Creates the node.
     *
     * @param name tells it from the others
     * @param client refreshes; its journal has to be one that all nodes share
     * @param fleet tells who is there, asked once a night on one node, and who is left out (R30), asked when a tenant's turn comes; its
     *     rules have to be ones that all nodes share
     * @param log where all nodes write down what became of the tenants
     * @param options for each refresh: a short timeout lets others take over sooner from a machine that died, and a cancellation,
     *     cancelled before the scheduler is stopped, leaves to others what is at work
     */
    public ClusterNode(String name, CpvClient client, FleetRefresh fleet, NightLog log, RefreshOptions options) {
        this.name = name;
        this.client = client;
        this.fleet = fleet;
        this.log = log;
        this.options = options;
    }

    /**
     * Makes the scheduler, with what suits a night of short tasks.
     *
     * @param source gives connections to the database
     * @param threads how many tenants the node has at work at one time
     * @return a builder, to be changed, built and started
     */
    public SchedulerBuilder scheduler(DataSource source, int threads) {
        // tag::cluster
        RecurringTask<Void> night = Tasks.recurring(NIGHT, Schedules.daily(ZoneOffset.UTC, LocalTime.MIDNIGHT))
                .onFailure(new FailureHandler.OnFailureRetryLater<>(PAUSE)) // not only at the next midnight
                .execute((instance, context) ->
                        dispatch(context.getExecution().getExecutionTime(), context.getSchedulerClient()));
        OneTimeTask<Void> tenant = Tasks.oneTime(TENANT)
                .onFailure(ClusterNode::retryIfWorth)
                .execute((instance, context) -> refresh(Turn.of(instance.getId())));
        return Scheduler.create(source, tenant)
                .startTasks(night)
                .schedulerName(new SchedulerName.Fixed(name))
                .threads(threads)
                // Claims nothing that it has no thread for: only what runs gives signs of life.
                .pollUsingLockAndFetch(0.8, 1.0)
                .pollingInterval(Duration.ofSeconds(5))
                .heartbeatInterval(Duration.ofSeconds(10))
                .missedHeartbeatsLimit(4); // dead after 40 seconds without a sign
        // end::cluster
    }

    /** Writes down a task for each tenant that is not done in this night: it can be done again without harm. */
    private void dispatch(Instant due, SchedulerClient scheduler) {
        LocalDate night = LocalDate.ofInstant(due, ZoneOffset.UTC);
        Map<TenantId, CatalogTenant> listed = fleet.tenants(new Cancellation()).stream()
                .collect(Collectors.toMap(CatalogTenant::id, Function.identity()));
        for (TenantId tenant : log.begin(night, listed.keySet())) {
            Turn turn = new Turn(night, tenant);
            Optional<CpvFailure> notManageable = notManageable(listed.get(tenant));
            if (notManageable.isPresent()) {
                skipped(turn, notManageable.get());
            } else {
                scheduler.scheduleIfNotExists(TENANT.instance(turn.id()).build(), due);
            }
        }
    }

    /** Only the list tells, which is asked for once a night. All else is asked when the tenant's turn comes. */
    private Optional<CpvFailure> notManageable(@Nullable CatalogTenant tenant) {
        return Optional.ofNullable(tenant).filter(each -> !each.isManageable()).flatMap(fleet::leftOut);
    }

    private void skipped(Turn turn, CpvFailure reason) {
        log.ended(turn.night(), turn.tenant(), CpvResult.skipped(turn.tenant(), reason), true, name);
    }

    // tag::turn
    private void refresh(Turn turn) {
        NightLog.Standing standing = log.standing(turn.night(), turn.tenant());
        if (standing == NightLog.Standing.DONE) {
            return; // by a node that died before it could remove the task
        }
        Optional<CpvFailure> leftOut = leftOut(turn, standing);
        if (leftOut.isPresent()) {
            skipped(turn, leftOut.get()); // now, so that what somebody decides during a night holds in it (R30)
            return;
        }
        CpvResult result = standing == NightLog.Standing.STOPPED
                ? Night.notAttempted(turn.tenant())
                : client.refresh(turn.tenant(), options);
        boolean again = isForAnotherTurn(result);
        log.ended(turn.night(), turn.tenant(), result, !again, name);
        if (again) {
            result.orElseThrow(); // db-scheduler learns of failure by exception
        }
    }

    /** What this night did already says nothing against another try; what a person decided does. */
    private Optional<CpvFailure> leftOut(Turn turn, NightLog.Standing standing) {
        return fleet.leftOut(CatalogTenant.of(turn.tenant()))
                .filter(reason -> standing != NightLog.Standing.BEGUN || reason.code() == FailureCode.EXCLUDED);
    }

    private static boolean isForAnotherTurn(CpvResult result) {
        return switch (result.outcome()) {
            case NOT_ATTEMPTED -> false; // the next night may go better
            case CANCELLED -> true; // another node has time
            default -> result.worthRetrying();
        };
    }

    private static void retryIfWorth(ExecutionComplete turn, ExecutionOperations<Void> task) {
        if (turn.getExecution().consecutiveFailures >= MAX_RETRIES) {
            task.remove(); // the next night brings the tenant again
        } else {
            task.reschedule(turn, turn.getTimeDone().plus(pause(turn)));
        }
    }
    // end::turn

    /** The time that the service asked for, or that a lease lasts yet. */
    private static Duration pause(ExecutionComplete turn) {
        return turn.getCause()
                .filter(CpvRefreshException.class::isInstance)
                .map(CpvRefreshException.class::cast)
                .map(CpvRefreshException::result)
                .flatMap(ClusterNode::pause)
                .orElse(PAUSE);
    }

    private static Optional<Duration> pause(CpvResult result) {
        return result.outcome() == RefreshOutcome.CANCELLED
                ? Optional.of(Duration.ZERO)
                : result.failure().flatMap(CpvFailure::retryAfter);
    }

    /** A tenant in a night: of each there is one task. */
    record Turn(LocalDate night, TenantId tenant) {
        static Turn of(String id) {
            int space = id.indexOf(' ');
            return new Turn(LocalDate.parse(id.substring(0, space)), TenantId.of(id.substring(space + 1)));
        }

        String id() {
            return night + " " + tenant;
        }
    }
}
