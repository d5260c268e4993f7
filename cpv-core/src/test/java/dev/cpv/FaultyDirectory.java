package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.AppId;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedResource;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.ObservedTenant.Visibility;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.StepKind;
import dev.cpv.model.TenantRoute;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenant;
import dev.cpv.testing.FakeTenantDirectory;
import dev.cpv.testing.ManualClock;
import dev.cpv.testing.PassingDirectory;
import dev.cpv.testkit.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A fake in which things go wrong by chance. It watches every write: users' grants stay, and under {@link ExtraGrants#KEEP}
 * nothing is lost but what somebody else put there after the look that the write was planned from, for Graph has no condition
 * on writes. And it remembers what somebody else changed after that look, since nobody can know of it.
 */
final class FaultyDirectory extends PassingDirectory {
    private static final FailureCode[] PASSING = {
        FailureCode.THROTTLED,
        FailureCode.SERVICE_UNAVAILABLE,
        FailureCode.NETWORK_FAILURE,
        FailureCode.ANSWER_UNREADABLE,
        FailureCode.NOT_REPLICATED_YET,
        FailureCode.WRITE_CONFLICT,
        FailureCode.TOKEN_REFUSED,
        FailureCode.UNKNOWN
    };

    private final FakeTenantDirectory fake;
    private final FakeTenant tenant;
    private final Generator chance;
    private final ManualClock clock;
    private final Set<Fault> faults;
    private final boolean showsDefinitions;

    final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
    final List<Object> trace = new ArrayList<>();
    /** What must still be there at the end under KEEP. */
    final NavigableSet<Held> toStay = new TreeSet<>();
    /** How often one of our writes lost what it could not know of: what others put there, and what we did. */
    int lostOfOthers;

    int lostOfOurs;

    /** When somebody else last added or took something, by a count of all changes. */
    private final Map<Held, Integer> added = new TreeMap<>();

    private final Map<Held, Integer> taken = new TreeMap<>();
    /** When we last wrote something. */
    private final Map<Held, Integer> written = new TreeMap<>();

    private int changes;

    private @Nullable ObservedTenant fresh;
    private int freshAsOf;
    private @Nullable ObservedTenant stale;
    private int staleAsOf;
    private Instant lagUntil = Instant.MIN;
    private @Nullable ObservedTenant shown;
    private int shownAsOf;
    private int shownAt;

    private Cancellation cancellation = new Cancellation();
    private int untilCancelled = -1;
    private int untilKilled = -1;
    int writes;

    FaultyDirectory(FakeTenantDirectory fake, Generator chance, ManualClock clock, Set<Fault> faults) {
        super(fake);
        this.fake = fake;
        this.tenant = fake.tenant(Fixture.TENANT);
        this.chance = chance;
        this.clock = clock;
        this.faults = EnumSet.noneOf(Fault.class);
        this.faults.addAll(faults);
        this.showsDefinitions = chance.chance(0.7);
        toStay.addAll(Held.by(tenant));
    }

    /** Begins an operation, which may be cancelled or killed at a random point. */
    Cancellation begin() {
        cancellation = new Cancellation();
        untilCancelled = faults.contains(Fault.CANCEL) ? chance.random().nextInt(25) : -1;
        untilKilled = faults.contains(Fault.KILL) ? chance.random().nextInt(25) : -1;
        return cancellation;
    }

    /** From now on all goes well. */
    void calm() {
        faults.clear();
        lagUntil = Instant.MIN;
        begin();
        trace.add("calm");
    }

    /** Whether somebody else took it after the last look, so that no result can know. */
    boolean takenUnseen(Held held) {
        return taken.getOrDefault(held, -1) > shownAsOf;
    }

    boolean addedUnseen(Held held) {
        return added.getOrDefault(held, -1) > shownAsOf;
    }

    /** A look that is older than an earlier write of ours hides that too. */
    private boolean writtenUnseen(Held held) {
        int when = written.getOrDefault(held, -1);
        return when > shownAsOf && when <= shownAt;
    }

    /** Whether it was there in the last look. */
    boolean wasShown(Held held) {
        return shown != null && Held.shownBy(shown).contains(held);
    }

    @Override
    protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
        moment();
        failMaybe(Fault.LOOK_FAILS);
        ObservedTenant seen = super.observe(session, context, resources);
        if (seen.visibility() != Visibility.NOT_VISIBLE_YET) {
            fresh = seen;
            freshAsOf = changes;
        }
        ObservedTenant old = stale;
        if (old != null && clock.instant().isBefore(lagUntil) && strikes(Fault.LAG, 0.7)) {
            return show(old, staleAsOf);
        }
        return show(seen, changes);
    }

    private ObservedTenant show(ObservedTenant look, int asOf) {
        shown = look;
        shownAsOf = asOf;
        shownAt = changes;
        trace.add(List.of("look", look, "as of", asOf, "of", changes));
        return showsDefinitions || look.visibility() != Visibility.VISIBLE ? look : withoutDefinitions(look);
    }

    /** As a directory that knows what resources publish in another tenant alone, or not at all. */
    private static ObservedTenant withoutDefinitions(ObservedTenant look) {
        ObservedTenant.Builder poor = ObservedTenant.builder(look.tenant(), look.route());
        look.resources()
                .values()
                .forEach(resource -> poor.resource(
                        resource.presence() == ObservedResource.Presence.PRESENT
                                ? ObservedResource.present(
                                        resource.id(), resource.displayName(), resource.enabled(), null)
                                : resource));
        look.appRoles().forEach(poor::appRole);
        look.grants().forEach(poor::grant);
        return poor.build();
    }

    @Override
    protected Map<AppId, ResourceDefinition> definitions(
            TenantSession session, RefreshContext context, Set<AppId> resources) {
        moment();
        failMaybe(Fault.DEFINITIONS_FAIL);
        Map<AppId, ResourceDefinition> read = new HashMap<>(super.definitions(session, context, resources));
        if (strikes(Fault.DEFINITION_LEFT_OUT, 0.5)) {
            read.remove(new TreeSet<>(resources).first());
        }
        return read;
    }

    @Override
    protected StepResult consent(TenantSession session, RefreshContext context, PlanStep.Consent consent) {
        List<StepResult> answers = new ArrayList<>();
        steps(context, List.of(consent), step -> session.consent(consent), (step, answer) -> answers.add(answer));
        return answers.isEmpty() ? StepResult.failed(failure()) : answers.get(0);
    }

    @Override
    protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
        steps(context, steps, step -> applied(session, step), sink);
    }

    private static StepResult applied(TenantSession session, PlanStep step) {
        List<StepResult> answers = new ArrayList<>();
        session.apply(List.of(step), (same, answer) -> answers.add(answer));
        return answers.get(0);
    }

    private void steps(
            RefreshContext context, List<PlanStep> steps, Function<PlanStep, StepResult> write, StepSink sink) {
        moment();
        failMaybe(Fault.WRITE_REFUSED);
        if (faults.contains(Fault.LAG) && fresh != null && !clock.instant().isBefore(lagUntil)) {
            stale = fresh;
            staleAsOf = freshAsOf;
            lagUntil = clock.instant().plusSeconds(chance.random().nextInt(100));
        }
        Map<AppId, StepResult> notAdded = new HashMap<>();
        for (PlanStep step : steps) {
            moment();
            StepResult answer = context.isCancelled()
                    ? StepResult.failed(CpvFailure.of(FailureCode.CANCELLED, "Not begun"))
                    : notAdded.containsKey(step.resource())
                            ? notAdded.get(step.resource())
                            : answer(context, step, write);
            if (answer != null) {
                if (step.kind() == StepKind.ADD_RESOURCE && !answer.isDone()) {
                    notAdded.put(step.resource(), answer);
                }
                trace.add(List.of(step, answer));
                sink.accept(step, answer);
            }
        }
        moment();
    }

    private @Nullable StepResult answer(RefreshContext context, PlanStep step, Function<PlanStep, StepResult> write) {
        if (strikes(Fault.STEP_FAILS, 0.15)) {
            return StepResult.failed(failure());
        }
        if (strikes(Fault.UNANSWERED, 0.1)) {
            if (chance.chance(0.5)) {
                write(context, step, write);
            }
            return null;
        }
        List<TenantWideGrant> before = tenant.grants();
        StepResult written = write(context, step, write);
        moment();
        if (strikes(Fault.BROKEN, 0.1)) {
            throw new IllegalStateException("A fault of the directory");
        }
        // Of an application that somebody has just deleted there is no grant that could be left.
        boolean half = step.kind() == StepKind.MERGE_GRANTS && written.isDone() && tenant.isConsented();
        if (half && strikes(Fault.HALF_MERGED, 0.7)) {
            before.stream()
                    .filter(grant -> grant.resource().equals(step.resource()))
                    .skip(1)
                    .forEach(grant ->
                            tenant.grantScopes(grant.resource(), grant.scopes().toArray(String[]::new)));
            return StepResult.failed(failure());
        }
        return strikes(Fault.ANSWER_LOST, 0.2) ? StepResult.failed(failure()) : written;
    }

    private StepResult write(RefreshContext context, PlanStep step, Function<PlanStep, StepResult> write) {
        NavigableSet<Held> before = Held.by(tenant);
        var users = tenant.grantsOfUsers();
        StepResult written = write.apply(step);
        writes++;
        NavigableSet<Held> after = Held.by(tenant);
        changes++;
        Held.minus(after, before).forEach(held -> this.written.put(held, changes));
        assertThat(tenant.grantsOfUsers())
                .as("users' own grants after %s", step)
                .isEqualTo(users);
        if (context.options().extraGrants() == ExtraGrants.KEEP) {
            for (Held lost : Held.minus(before, after)) {
                assertThat(lost.resource()).as("%s is lost by %s", lost, step).isEqualTo(step.resource());
                assertThat(!lost.role() && (addedUnseen(lost) || writtenUnseen(lost)))
                        .as("%s is lost by %s, and was there when we looked", lost, step)
                        .isTrue();
                if (addedUnseen(lost)) {
                    lostOfOthers++;
                } else {
                    lostOfOurs++;
                }
                toStay.remove(lost);
            }
        }
        return written;
    }

    // Faults

    private CpvFailure failure() {
        return CpvFailure.of(PASSING[chance.random().nextInt(PASSING.length)], "By chance");
    }

    private boolean strikes(Fault fault, double probability) {
        if (faults.contains(fault) && chance.chance(probability)) {
            happened.merge(fault, 1, Integer::sum);
            trace.add(fault);
            return true;
        }
        return false;
    }

    private void failMaybe(Fault fault) {
        if (strikes(fault, 0.3)) {
            throw new TenantDirectoryException(failure(), null);
        }
    }

    /** Something may happen now: time passes, somebody changes something, cancels, or pulls the plug. */
    private void moment() {
        if (strikes(Fault.SLOW, 0.2)) {
            clock.advance(Duration.ofSeconds(chance.random().nextInt(240)));
        }
        if (strikes(Fault.ADMIN, 0.2)) {
            somebodyElse();
        }
        if (untilCancelled-- == 0) {
            happened.merge(Fault.CANCEL, 1, Integer::sum);
            trace.add(Fault.CANCEL);
            cancellation.cancel();
        }
        if (untilKilled-- == 0) {
            happened.merge(Fault.KILL, 1, Integer::sum);
            trace.add(Fault.KILL);
            throw new Killed();
        }
    }

    // Somebody else

    private void somebodyElse() {
        NavigableSet<Held> before = Held.by(tenant);
        changeSomething(new ArrayList<>(before));
        NavigableSet<Held> after = Held.by(tenant);
        changes++;
        Held.minus(after, before).forEach(held -> {
            added.put(held, changes);
            toStay.add(held);
            trace.add(List.of("somebody added", held));
        });
        Held.minus(before, after).forEach(held -> {
            taken.put(held, changes);
            toStay.remove(held);
            trace.add(List.of("somebody took", held));
        });
    }

    private void changeSomething(List<Held> held) {
        AppId resource = chance.shuffled(Generator.pool()).get(0);
        int kind = chance.random().nextInt(20);
        if (!tenant.isConsented()) {
            if (kind < 5 && tenant.grants().isEmpty()) {
                tenant.consent();
            }
            return;
        }
        if (kind == 0) {
            tenant.deleteApplication();
        } else if (kind == 1 && !resource.equals(AppId.MICROSOFT_GRAPH)) {
            tenant.withoutResource(resource);
        } else if (kind == 2) {
            tenant.withDisabledResource(resource);
        } else if (kind == 3) {
            tenant.grantScopesToUser("bob", resource, "Scope.2");
        } else if (kind < 9 && !held.isEmpty()) {
            take(chance.shuffled(held).get(0));
        } else if (kind < 13) {
            chance.appRoles().stream()
                    .filter(role -> tenant.hasResource(role.resource()))
                    .limit(2)
                    .forEach(role -> tenant.grantAppRole(role.resource(), role.appRoleId()));
        } else {
            chance.grants().stream()
                    .filter(grant -> tenant.hasResource(grant.resource()))
                    .limit(2)
                    .forEach(grant ->
                            tenant.grantScopes(grant.resource(), grant.scopes().toArray(String[]::new)));
        }
    }

    private void take(Held held) {
        List<String> rest = tenant.scopes(held.resource()).stream()
                .filter(scope -> !Held.ofScope(held.resource(), scope).equals(held))
                .toList();
        PlanStep step = held.role()
                ? new PlanStep.RevokeAppRole(held.resource(), UUID.fromString(held.id()))
                : new PlanStep.SetScopes(held.resource(), rest, List.of());
        RefreshContext other =
                RefreshContext.start(Fixture.TENANT, TenantRoute.CUSTOMER, RefreshOptions.defaults(), clock.instant());
        try (TenantSession session = fake.open(other)) {
            session.apply(List.of(step), (same, answer) -> {});
        }
    }

    /** The end of the process at a point of no choice. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }
}
