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
 * One of several machines that share the night through PostgreSQL and db-scheduler. At 00:00 UTC one of them writes a task for each
 * tenant, and all machines take tasks. If a machine dies, another one takes over its tenants once its heartbeats are missed and its
 * leases on them have ended.
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
     * @param name identifies this node
     * @param client refreshes; its journal must be shared by all nodes
     * @param fleet lists the tenants, once a night on one node, and decides which ones are left out (R30), when a tenant's turn comes; its
     *     rules must be shared by all nodes
     * @param log where all nodes record the outcomes of the tenants
     * @param options for each refresh: with a short timeout, other nodes take over sooner from a machine that died; cancel its cancellation
     *     before you stop the scheduler, so that other nodes take over the tenants that are being refreshed
     */
    public ClusterNode(String name, CpvClient client, FleetRefresh fleet, NightLog log, RefreshOptions options) {
        this.name = name;
        this.client = client;
        this.fleet = fleet;
        this.log = log;
        this.options = options;
    }

    /**
     * Creates the scheduler with settings for a night of short tasks.
     *
     * @param source provides connections to the database
     * @param threads how many tenants the node refreshes at the same time
     * @return a builder to change, build and start
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
                // Takes only as many tasks as it has threads: only running tasks send heartbeats.
                .pollUsingLockAndFetch(0.8, 1.0)
                .pollingInterval(Duration.ofSeconds(5))
                .heartbeatInterval(Duration.ofSeconds(10))
                .missedHeartbeatsLimit(4); // dead after 40 seconds without a heartbeat
        // end::cluster
    }

    /** Writes a task for each tenant that is not done in this night. Can be repeated without harm. */
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

    /** Only the list, which is read once a night, knows what is managed. Everything else is checked when the tenant's turn comes. */
    private Optional<CpvFailure> notManageable(@Nullable CatalogTenant tenant) {
        return Optional.ofNullable(tenant).filter(each -> !each.isManageable()).flatMap(fleet::leftOut);
    }

    private void skipped(Turn turn, CpvFailure reason) {
        log.ended(turn.night(), turn.tenant(), CpvResult.skipped(turn.tenant(), reason), true, name);
    }

    // tag::turn
    private void refresh(Turn turn) {
        NightLog.State state = log.state(turn.night(), turn.tenant());
        if (state == NightLog.State.DONE) {
            return; // a node finished it and died before it could remove the task
        }
        Optional<CpvFailure> leftOut = leftOut(turn, state);
        if (leftOut.isPresent()) {
            skipped(turn, leftOut.get()); // now, so that a decision made during the night counts (R30)
            return;
        }
        CpvResult result = state == NightLog.State.STOPPED
                ? Night.notAttempted(turn.tenant())
                : client.refresh(turn.tenant(), options);
        boolean again = isForAnotherTurn(result);
        log.ended(turn.night(), turn.tenant(), result, !again, name);
        if (again) {
            result.orElseThrow(); // db-scheduler recognises failure by an exception
        }
    }

    /** An earlier attempt of this night does not prevent another one; a person's decision does. */
    private Optional<CpvFailure> leftOut(Turn turn, NightLog.State state) {
        return fleet.leftOut(CatalogTenant.of(turn.tenant()))
                .filter(reason -> state != NightLog.State.BEGUN || reason.code() == FailureCode.EXCLUDED);
    }

    private static boolean isForAnotherTurn(CpvResult result) {
        return switch (result.outcome()) {
            case NOT_ATTEMPTED -> false; // the next night may succeed
            case CANCELLED -> true; // for another node
            default -> result.worthRetrying();
        };
    }

    private static void retryIfWorth(ExecutionComplete turn, ExecutionOperations<Void> task) {
        if (turn.getExecution().consecutiveFailures >= MAX_RETRIES) {
            task.remove(); // the next night includes the tenant again
        } else {
            task.reschedule(turn, turn.getTimeDone().plus(pause(turn)));
        }
    }
    // end::turn

    /** The time that the service asked for, or until a lease ends. */
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

    /** One tenant in one night, for which there is one task. */
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
