package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.PermissionOutcome.Status;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.AppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PermissionType;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantRoute;
import dev.cpv.model.WriteVerification;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.testing.FakeTenant;
import dev.cpv.testing.FakeTenantDirectory;
import dev.cpv.testing.ManualClock;
import dev.cpv.testkit.Chance;
import dev.cpv.testkit.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random tenants, random faults, random points at which the process dies. The state of the fake is the judge, never the
 * result: no result claims more than it holds at that moment, and at most two refreshes after the last fault bring every
 * tenant as far as it can be had there.
 *
 * <p>{@code -Dcpv.seed=…} runs one case alone, {@code -Dcpv.faults=100000} more of them, {@code -Pnightly} all
 * with new seeds.
 */
class FaultsTest {
    private static final int CASES = 12_000;
    private static final int MAX_SCOPE_LENGTH = 3850;

    private final Map<String, Integer> counts = new TreeMap<>();

    @Test
    void R16_R17_R18_noFaultMakesAResultClaimTooMuchOrLeavesATenantBroken() {
        Long only = Long.getLong("cpv.seed");

        Chance.seeds("cpv.faults", CASES).forEach(this::run);

        System.out.println("Faults by the thousand");
        counts.forEach((what, count) -> System.out.printf("  %-40s %7d%n", what, count));
        if (only == null) {
            assertThat(counts)
                    .as("every kind of fault happens, or this shows nothing")
                    .containsKeys(EnumSet.allOf(Fault.class).stream()
                            .map(fault -> "fault " + fault)
                            .toArray(String[]::new));
        }
    }

    private void run(long seed) {
        Case one = new Case(seed);
        try {
            one.faultyTime();
            one.calmTime();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "-Dcpv.seed=" + seed + " runs this case alone: " + e.getMessage() + "\n"
                            + one.directory.trace.stream().map(Object::toString).collect(Collectors.joining("\n")),
                    e);
        }
        count("cases");
        one.directory.happened.forEach((fault, times) -> counts.merge("fault " + fault, times, Integer::sum));
        one.counts.forEach((what, times) -> counts.merge(what, times, Integer::sum));
        counts.merge("lost: added by somebody after the look", one.directory.lostOfOthers, Integer::sum);
        counts.merge("lost: ours, hidden by a look that lagged", one.directory.lostOfOurs, Integer::sum);
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /** One tenant, and what happens to it. */
    private static final class Case {
        private final Generator chance;
        private final RequiredPermissionSet required;
        private final FakeTenantDirectory fake;
        private final FakeTenant tenant;
        private final FaultyDirectory directory;
        private final TenantRoute route;
        private final ManualClock clock = new ManualClock(Instant.parse("2026-11-01T00:00:00Z"));
        private final RefreshJournal journal = new InMemoryRefreshJournal();
        private final Map<AppId, ResourceDefinition> published = new HashMap<>();
        private final Set<AppId> unavailable = new HashSet<>();
        private final ExtraGrants extraGrants;
        private final Map<String, Integer> counts = new TreeMap<>();
        private WriteVerification verification = WriteVerification.BELIEVE;
        private CpvClient client;

        Case(long seed) {
            chance = new Generator(seed);
            required = chance.required().plus(RequiredPermissionSet.bootstrap());
            fake = FakeTenantDirectory.offering(required);
            tenant = fake.tenant(Fixture.TENANT);
            extraGrants = chance.chance(0.7) ? ExtraGrants.KEEP : ExtraGrants.REVOKE;
            route = chance.chance(0.9)
                    ? TenantRoute.CUSTOMER
                    : chance.chance(0.5) ? TenantRoute.PARTNER : TenantRoute.DIRECT;
            prepare();
            directory = new FaultyDirectory(fake, chance, clock, someFaults());
            client = newClient();
        }

        private void prepare() {
            tenant.route(route)
                    .consentVisibleAfter(
                            chance.chance(0.5) ? 0 : chance.random().nextInt(6));
            for (AppId resource : Generator.pool()) {
                ResourceDefinition definition = chance.definition(resource, true);
                published.put(resource, definition);
                tenant.publish(resource, definition);
            }
            if (chance.chance(0.7)) {
                tenant.consent();
                chance.appRoles().forEach(role -> tenant.grantAppRole(role.resource(), role.appRoleId()));
                chance.grants()
                        .forEach(grant -> tenant.grantScopes(
                                grant.resource(), grant.scopes().toArray(String[]::new)));
                tenant.grantScopesToUser("ann", AppId.MICROSOFT_GRAPH, "Scope.1");
            }
            for (AppId resource : Generator.pool()) {
                if (!resource.equals(AppId.MICROSOFT_GRAPH) && chance.chance(0.3)) {
                    takeAway(resource);
                }
            }
        }

        private void takeAway(AppId resource) {
            switch (chance.random().nextInt(3)) {
                case 0 -> tenant.withoutResource(resource);
                case 1 -> tenant.withDisabledResource(resource);
                default -> {
                    tenant.withUnavailableResource(resource);
                    unavailable.add(resource);
                }
            }
        }

        /** Up to four kinds of them, so that each also meets few others. */
        private Set<Fault> someFaults() {
            Set<Fault> faults = EnumSet.noneOf(Fault.class);
            for (int i = chance.random().nextInt(5); i > 0; i--) {
                faults.add(chance.shuffled(EnumSet.allOf(Fault.class)).get(0));
            }
            return faults;
        }

        private CpvClient newClient() {
            return CpvClient.builder(directory, required)
                    .journal(journal)
                    .clock(clock)
                    .sleeper(clock)
                    .build();
        }

        private RefreshOptions options() {
            verification = chance.chance(0.3) ? WriteVerification.READ_BACK : WriteVerification.BELIEVE;
            return RefreshOptions.defaults()
                    .withExtraGrants(extraGrants)
                    .withPriority(chance.chance(0.5) ? Priority.MANUAL : Priority.NIGHTLY)
                    .withVerification(verification)
                    .withConsentWait(chance.chance(0.8) ? Duration.ofMinutes(3) : Duration.ZERO)
                    .withCancellation(directory.begin());
        }

        void faultyTime() {
            for (int i = 1 + chance.random().nextInt(3); i > 0; i--) {
                directory.trace.add("operation");
                try {
                    if (chance.chance(0.8)) {
                        judge(refresh(options()), true);
                    } else {
                        previewAndApply(options());
                    }
                } catch (FaultyDirectory.Killed e) {
                    count("died");
                    // A process that died may leave behind that it was at work.
                    clock.advance(Duration.ofHours(1));
                    client = newClient();
                }
                clock.advance(Duration.ofSeconds(chance.random().nextInt(30)));
            }
        }

        private CpvResult refresh(RefreshOptions options) {
            var before = journal.find(Fixture.TENANT);
            CpvResult result = client.refresh(Fixture.TENANT, options);
            if (result.outcome() == RefreshOutcome.CANCELLED) {
                assertThat(journal.find(Fixture.TENANT))
                        .as("R18: the record after cancellation")
                        .isEqualTo(before);
            }
            return result;
        }

        private void previewAndApply(RefreshOptions options) {
            int writes = directory.writes;
            CpvResult preview = client.preview(Fixture.TENANT, options);
            assertThat(directory.writes).as("writes of a preview").isEqualTo(writes);
            judge(preview, false);
            Optional<CpvRefreshPlan> plan = preview.findPlan();
            if (plan.isPresent()) {
                CpvResult result = client.apply(plan.get(), options);
                if (result.failure()
                        .filter(f -> f.code() == FailureCode.PLAN_STALE)
                        .isPresent()) {
                    assertThat(directory.writes).as("writes of a stale plan").isEqualTo(writes);
                }
                judge(result, false);
            }
        }

        // The judge

        private void judge(CpvResult result, boolean refreshed) {
            count("outcome " + result.outcome());
            directory.trace.add(result);
            assertThat(result.permissions())
                    .extracting(PermissionOutcome::permission)
                    .containsExactlyElementsOf(required.permissions());
            NavigableSet<Held> held = Held.by(tenant);
            for (PermissionOutcome permission : result.permissions()) {
                judge(permission, held);
                assertThat(permission.failure().isPresent())
                        .as("a reason: %s", permission)
                        .isEqualTo(!isSaidToBeHeld(permission) && permission.status() != Status.MISSING);
                if (refreshed) {
                    assertThat(permission.failure().map(CpvFailure::code))
                            .as("a refresh has no approved plan: %s", permission)
                            .isNotEqualTo(Optional.of(FailureCode.PLAN_STALE));
                }
            }
            for (ExtraPermission extra : result.extras()) {
                Held it = held(extra);
                assertThat(extra.revoked() && held.contains(it) && !directory.addedUnseen(it))
                        .as("%s is said to be revoked", it)
                        .isFalse();
            }
            if (result.outcome().isInSync() && result.outcome() != RefreshOutcome.SKIPPED) {
                assertThat(result.failure()).isEmpty();
                assertThat(result.permissions())
                        .allMatch(permission -> permission.status().isInSync());
            }
        }

        private void judge(PermissionOutcome outcome, NavigableSet<Held> held) {
            RequiredPermission permission = outcome.permission();
            Optional<Held> it = meant(permission);
            switch (outcome.status()) {
                case GRANTED, ALREADY_GRANTED -> {
                    Held claimed = it.orElseThrow(() -> new AssertionError(outcome + " means nothing here"));
                    assertThat(verification == WriteVerification.BELIEVE || directory.wasShown(claimed))
                            .as("%s was shown by a look", outcome)
                            .isTrue();
                    if (!held.contains(claimed)) {
                        assertThat(directory.takenUnseen(claimed))
                                .as("%s is not there", outcome)
                                .isTrue();
                        count("taken by somebody after the look");
                    }
                }
                case NOT_APPLICABLE ->
                    assertThat(unavailable.contains(permission.resource())
                                    || (permission.resource().equals(AppId.PARTNER_CENTER)
                                            && route != TenantRoute.PARTNER))
                            .as("%s", outcome)
                            .isTrue();
                case NOT_OFFERED ->
                    assertThat(attainable(permission)).as("%s", outcome).isEmpty();
                default -> {}
            }
        }

        private static boolean isSaidToBeHeld(PermissionOutcome permission) {
            return permission.status() == Status.GRANTED || permission.status() == Status.ALREADY_GRANTED;
        }

        private static Held held(ExtraPermission extra) {
            AppId resource = extra.resource();
            return extra.type() == PermissionType.APPLICATION
                    ? new Held(resource, true, extra.id())
                    : Held.ofScope(resource, extra.value());
        }

        /** What the tenant has to hold for the permission, whether it can be had or not. */
        private Optional<Held> meant(RequiredPermission permission) {
            ResourceDefinition definition = definition(permission.resource());
            if (permission.type() == PermissionType.APPLICATION) {
                return permission
                        .guid()
                        .or(() -> definition.appRole(permission.id()).map(AppRole::id))
                        .map(id -> Held.ofRole(permission.resource(), id));
            }
            return permission.guid().isPresent()
                    ? definition
                            .scope(permission.guid().get())
                            .map(scope -> Held.ofScope(permission.resource(), scope.value()))
                    : Optional.of(Held.ofScope(permission.resource(), permission.id()));
        }

        /** What can be had for the permission in this tenant, the length of scope strings left aside. */
        private Optional<Held> attainable(RequiredPermission permission) {
            AppId resource = permission.resource();
            if (unavailable.contains(resource)
                    || (resource.equals(AppId.PARTNER_CENTER) && route != TenantRoute.PARTNER)) {
                return Optional.empty();
            }
            Optional<Held> meant = meant(permission);
            return permission.type() == PermissionType.DELEGATED
                    ? meant
                    : meant.filter(role -> definition(resource).appRoles().stream()
                            .anyMatch(offered -> offered.assignable()
                                    && offered.id().toString().equals(role.id())));
        }

        private ResourceDefinition definition(AppId resource) {
            ResourceDefinition definition = published.get(resource);
            return definition == null ? ResourceDefinition.ofTenant(Set.of(), Set.of()) : definition;
        }

        // After the faults

        void calmTime() {
            directory.calm();
            clock.advance(Duration.ofHours(1));
            client = newClient();
            NavigableSet<Held> users = new TreeSet<>(directory.toStay);
            int refreshes = 0;
            @Nullable CpvResult last = null;
            while (last == null || (refreshes < 2 && !missing().isEmpty())) {
                last = refresh(options().withConsentWait(Duration.ofMinutes(3)));
                judge(last, true);
                refreshes++;
            }
            if (!tenant.isConsented()) {
                assertThat(route).isNotEqualTo(TenantRoute.CUSTOMER);
                assertThat(last.failure().map(CpvFailure::code)).contains(FailureCode.CONSENT_ROUTE);
                count("without consent, which only its admin can give");
                return;
            }
            assertThat(missing()).as("missing after two refreshes: %s", last).isEmpty();
            if (extraGrants == ExtraGrants.KEEP) {
                assertThat(Held.by(tenant)).as("kept").containsAll(users);
            } else {
                assertThat(beyond()).as("beyond what is required: %s", last).isEmpty();
            }
            assertThat(client.preview(Fixture.TENANT, nightly()).plan().steps())
                    .as("steps left")
                    .isEmpty();
            count("in sync after " + refreshes + " refresh(es) without faults");
        }

        /** At night, what could not be added is remembered; a person would ask for it again. */
        private RefreshOptions nightly() {
            return RefreshOptions.defaults().withExtraGrants(extraGrants).withPriority(Priority.NIGHTLY);
        }

        private NavigableSet<Held> missing() {
            NavigableSet<Held> missing = Held.minus(wanted(), Held.by(tenant));
            missing.removeIf(held -> !held.role() && isTooLong(held.resource()));
            return missing;
        }

        private NavigableSet<Held> beyond() {
            NavigableSet<Held> meant = new TreeSet<>();
            required.permissions().stream()
                    .filter(permission ->
                            !permission.resource().equals(AppId.PARTNER_CENTER) || route == TenantRoute.PARTNER)
                    .forEach(permission -> meant(permission).ifPresent(meant::add));
            NavigableSet<Held> beyond = Held.minus(Held.by(tenant), meant);
            beyond.removeIf(held -> !held.role() && isTooLong(held.resource()));
            return beyond;
        }

        private NavigableSet<Held> wanted() {
            NavigableSet<Held> wanted = new TreeSet<>();
            required.permissions().forEach(permission -> attainable(permission).ifPresent(wanted::add));
            return wanted;
        }

        /** R14: under KEEP the union has to fit, under REVOKE what is required alone. */
        private boolean isTooLong(AppId resource) {
            NavigableSet<Held> scopes = wanted();
            if (extraGrants == ExtraGrants.KEEP) {
                scopes.addAll(Held.by(tenant));
            }
            return scopes.stream()
                            .filter(held -> !held.role() && held.resource().equals(resource))
                            .map(Held::id)
                            .collect(Collectors.joining(" "))
                            .length()
                    > MAX_SCOPE_LENGTH;
        }

        private void count(String what) {
            counts.merge(what, 1, Integer::sum);
        }
    }
}
