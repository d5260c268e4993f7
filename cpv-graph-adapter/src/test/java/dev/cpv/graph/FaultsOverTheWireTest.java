package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome;
import dev.cpv.PermissionOutcome.Status;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.FaultPlan;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedGrant;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.Unavailability;
import dev.cpv.graph.simulator.WireJournal;
import dev.cpv.graph.simulator.WireRequest;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.Cancellation;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.PermissionType;
import dev.cpv.model.PlanStep;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.StepKind;
import dev.cpv.model.WriteVerification;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.testkit.Chance;
import dev.cpv.testkit.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random tenants, random faults on the wire, random requests at which the process dies or somebody else changes the tenant.
 * The simulator's state is the judge, never the result: no result claims more than it holds, nothing outside the required
 * set is lost under {@link ExtraGrants#KEEP} at any request, and at most two refreshes after the last fault bring every
 * tenant as far as it can be had there.
 *
 * <p>{@code -Dcpv.seed=…} runs one case alone and prints what happened, {@code -Dcpv.faults.wire=5000} more of them,
 * {@code -Pnightly} all with new seeds.
 */
class FaultsOverTheWireTest extends OverTheWire {
    private static final int CASES = 550;
    private static final String ANN = "0e0e0e0e-0000-4000-8000-000000000001";
    private static final String BOB = "0e0e0e0e-0000-4000-8000-000000000002";

    /** How long operations may take in whose requests time runs out: it runs on the system's clock there. */
    static final Duration PATIENCE = Duration.ofMillis(250);

    /** The longest that the simulator hides what is new. */
    private static final Duration LONGEST_LAG = Duration.ofMinutes(5);

    private static final Endpoint[] ENDPOINTS = {
        Endpoint.TOKEN_REFRESH, Endpoint.CONSENT_POST, Endpoint.BATCH, Endpoint.GRAPH_GET, Endpoint.GRAPH_WRITE
    };

    private final Map<String, Integer> counts = new TreeMap<>();

    @Test
    void R16_R17_R18_R26_noFaultOnTheWireMakesAResultClaimTooMuchOrLeavesATenantBroken() {
        @Nullable Long only = Long.getLong("cpv.seed");

        Chance.seeds("cpv.faults.wire", CASES).forEach(seed -> run(seed, only != null));

        System.out.println("Faults on the wire: "
                + counts.entrySet().stream()
                        .map(count -> count.getKey() + " " + count.getValue())
                        .collect(Collectors.joining(", ")));
        if (only == null) {
            assertThat(counts)
                    .as("every kind of fault strikes, or this shows nothing")
                    .containsKeys(Arrays.stream(WireFault.values())
                            .map(WireFault::name)
                            .toArray(String[]::new))
                    .containsKeys("killed before", "killed after", "cancelled", "changes by an admin", "time passed");
        }
    }

    private void run(long seed, boolean telling) {
        Case one = new Case(seed);
        try {
            one.faultyTime();
            one.calmTime();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "-Dcpv.seed=" + seed + " runs this case alone: " + e.getMessage() + "\n" + one.story(), e);
        } finally {
            one.close();
            partner.simulator.faults().clear();
        }
        if (telling) {
            System.out.println(one.story());
        }
        assertThat(partner.simulator.journal().contractViolations()).isEmpty();
        forget();
        counts.merge("cases", 1, Integer::sum);
        one.counts.forEach((what, times) -> counts.merge(what, times, Integer::sum));
    }

    /** One tenant, and what happens to it. Requests come in on the simulator's threads while the test's waits for them. */
    private final class Case {
        private final Random dice;
        /** Whether batches that are ready at the same time make one round; helped by no thread, so that a seed tells all. */
        private final boolean severalAtOnce;

        private final SimulatedTenant tenant;
        private final RequiredPermissionSet required;
        private final ExtraGrants extraGrants;
        private final RefreshJournal journal = new InMemoryRefreshJournal();
        private final Set<String> unavailable = new TreeSet<>();
        private final NavigableSet<Held> withdrawn = new TreeSet<>();
        private final Map<String, Integer> counts = new TreeMap<>();
        private final List<String> story = new ArrayList<>();
        private boolean lags;

        private MortalClock clock = new MortalClock(partner.time);
        private GraphTenantDirectory directory;
        private CpvClient client;

        /** What must stay under KEEP, and users' own grants, which always must. */
        private final NavigableSet<Held> toStay = new TreeSet<>();

        private List<SimulatedGrant> ofUsers = List.of();

        /** When somebody else added or took something: by the number of the request, and by the clock. */
        private final Map<Held, Moment> added = new HashMap<>();

        private final Map<Held, Moment> taken = new HashMap<>();
        private int requests;
        private int requestsBefore;
        private Moment firstLook = new Moment(Integer.MAX_VALUE, Instant.MAX);
        private int untilDeath = -1;
        private int untilCancelled = -1;
        private Set<Integer> adminAt = Set.of();
        private Set<Integer> timePassesAt = Set.of();
        private Cancellation cancellation = new Cancellation();
        private @Nullable AssertionError brokenOnTheWay;

        Case(long seed) {
            dice = new Random(seed);
            severalAtOnce = seed % 3 == 0;
            directory = newDirectory();
            tenant = partner.simulator.addCustomer("Case " + seed);
            required = someOfTheManifest();
            extraGrants = chance(0.7) ? ExtraGrants.KEEP : ExtraGrants.REVOKE;
            prepare();
            client = newClient();
            toStay.addAll(held());
            ofUsers = grantsOfUsers();
        }

        // Before

        private boolean chance(double probability) {
            return dice.nextDouble() < probability;
        }

        private <T> T anyOf(List<T> things) {
            return things.get(dice.nextInt(things.size()));
        }

        private RequiredPermissionSet someOfTheManifest() {
            Set<String> resources = new TreeSet<>(List.of(anyOf(resources()), anyOf(resources())));
            double share = chance(0.1) ? 1 : 0.4;
            RequiredPermissionSet.Builder some = RequiredPermissionSet.builder("some");
            partner.required.permissions().stream()
                    .filter(permission -> share == 1
                            || resources.contains(permission.resource().toString()))
                    .filter(permission -> chance(share))
                    .forEach(some::add);
            return some.build();
        }

        private List<String> resources() {
            return partner.required.permissions().stream()
                    .map(permission -> permission.resource().toString())
                    .filter(resource -> !resource.equals(ResourceCatalog.PARTNER_CENTER))
                    .distinct()
                    .sorted()
                    .toList();
        }

        private void prepare() {
            tenant.users(10 + dice.nextInt(1000)).licences(chance(0.5) ? Set.of("SPB") : Set.of());
            if (chance(0.75)) {
                tenant.consented(SimulatedTenant.BOOTSTRAP_SCOPES);
                required.permissions().stream()
                        .filter(permission -> chance(0.5))
                        .forEach(this::give);
                for (int extras = dice.nextInt(4); extras > 0; extras--) {
                    giveAnything();
                }
                resources().stream().filter(resource -> chance(0.15)).forEach(this::giveTwice);
                if (chance(0.5)) {
                    tenant.userGrant(ANN, anyOf(resources()), Set.of("User.Read"));
                }
            }
            resources().stream()
                    .filter(resource -> !resource.equals(ResourceCatalog.GRAPH) && chance(0.2))
                    .forEach(this::takeAway);
            behave();
        }

        private void give(RequiredPermission permission) {
            String resource = permission.resource().toString();
            if (resource.equals(ResourceCatalog.PARTNER_CENTER)) {
                return;
            }
            if (permission.type() == PermissionType.APPLICATION) {
                tenant.assignAppRole(resource, permission.id());
            } else {
                tenant.grantScopes(resource, Set.of(scopeName(permission)));
            }
        }

        private void giveAnything() {
            ResourceCatalog.Resource resource =
                    partner.simulator.catalog().resource(anyOf(resources())).orElseThrow();
            if (chance(0.5) && !resource.appRoles().isEmpty()) {
                tenant.assignAppRole(
                        resource.appId(), anyOf(resource.appRoles()).id());
            } else if (!resource.scopes().isEmpty()) {
                tenant.grantScopes(
                        resource.appId(), Set.of(anyOf(resource.scopes()).value()));
            }
        }

        private void giveTwice(String resource) {
            List<ResourceCatalog.Permission> scopes =
                    partner.simulator.catalog().resource(resource).orElseThrow().scopes();
            if (!scopes.isEmpty()) {
                tenant.grantScopes(resource, Set.of(anyOf(scopes).value()))
                        .duplicateGrant(
                                resource,
                                new TreeSet<>(List.of(
                                        anyOf(scopes).value(), anyOf(scopes).value())));
            }
        }

        private void takeAway(String resource) {
            switch (dice.nextInt(5)) {
                case 0 -> tenant.withoutServicePrincipal(resource);
                case 1 -> tenant.deleteServicePrincipal(resource);
                case 2 -> tenant.enableServicePrincipal(resource, false);
                case 3 -> withdraw(resource);
                default -> {
                    tenant.withoutResource(resource, anyOf(List.of(Unavailability.values())));
                    unavailable.add(resource);
                }
            }
        }

        private void withdraw(String resource) {
            required.permissions().stream()
                    .filter(permission -> permission.type() == PermissionType.APPLICATION
                            && permission.resource().toString().equals(resource))
                    .findFirst()
                    .ifPresent(role -> {
                        withdrawn.add(Held.ofRole(role.resource(), UUID.fromString(role.id())));
                        if (chance(0.5)) {
                            tenant.behaviour().withdrawAppRole(resource, role.id());
                        } else {
                            tenant.behaviour().disableAppRole(resource, role.id());
                        }
                    });
        }

        private void behave() {
            tenant.behaviour()
                    .duplicateGrantStatus(chance(0.5) ? 409 : 400)
                    .entitlementGrantWording(chance(0.5))
                    .missingReferenceStatus(chance(0.5) ? 404 : 400);
            if (chance(0.4)) {
                lags = true;
                tenant.behaviour()
                        .replicationLag()
                        .consentTokenDelay(Duration.ofSeconds(dice.nextInt(20)))
                        .consentGraphDelay(Duration.ofSeconds(dice.nextInt(20)))
                        .grantAppliedBut404(dice.nextInt(3))
                        .throttledShare(dice.nextInt(25))
                        .flapping(Duration.ofSeconds(chance(0.3) ? 20 : 0));
            }
        }

        // Processes

        private GraphTenantDirectory newDirectory() {
            GraphTenantDirectory.Builder builder = Directories.over(
                            partner.simulator, partner.simulator.credentials().refreshToken())
                    .clock(clock)
                    .sleeper(clock);
            return severalAtOnce ? builder.batchExecutor(Runnable::run).build() : builder.build();
        }

        private CpvClient newClient() {
            return CpvClient.builder(directory, required)
                    .journal(journal)
                    .clock(clock)
                    .sleeper(clock)
                    .build();
        }

        private void startAgain() {
            directory.close();
            // The lease of a process that died runs out.
            partner.time.advance(Duration.ofHours(1));
            clock = new MortalClock(partner.time);
            directory = newDirectory();
            client = newClient();
        }

        void close() {
            directory.close();
        }

        // Faults

        void faultyTime() {
            for (int operations = 1 + dice.nextInt(3); operations > 0; operations--) {
                RefreshOptions options = begin(options());
                try {
                    if (chance(0.8)) {
                        judge(client.refresh(id(tenant), options));
                    } else {
                        previewAndApply(options);
                    }
                } catch (MortalClock.Killed e) {
                    assertThat(clock.isDead()).isTrue();
                }
                requireNothingLost();
                if (clock.isDead()) {
                    startAgain();
                }
                partner.time.advance(Duration.ofSeconds(dice.nextInt(60)));
            }
        }

        private RefreshOptions options() {
            return RefreshOptions.defaults()
                    .withExtraGrants(extraGrants)
                    .withPriority(chance(0.5) ? Priority.MANUAL : Priority.NIGHTLY)
                    .withVerification(chance(0.3) ? WriteVerification.READ_BACK : WriteVerification.BELIEVE)
                    .withConsentWait(chance(0.8) ? Duration.ofMinutes(3) : Duration.ZERO);
        }

        private RefreshOptions begin(RefreshOptions options) {
            partner.simulator.faults().clear();
            story.add("operation");
            requestsBefore = requests;
            firstLook = new Moment(Integer.MAX_VALUE, Instant.MAX);
            untilDeath = chance(0.3) ? 1 + dice.nextInt(12) : -1;
            untilCancelled = chance(0.1) ? 1 + dice.nextInt(12) : -1;
            adminAt = someRequests(0.3);
            timePassesAt = someRequests(0.2);
            cancellation = new Cancellation();
            String death = chance(0.5) ? "killed before" : "killed after";
            for (Endpoint endpoint : ENDPOINTS) {
                FaultPlan.Step end = partner.simulator
                        .faults()
                        .on(tenant.id(), endpoint)
                        .always()
                        .when(request -> passes(request, death));
                (death.equals("killed after") ? end.afterEffect() : end).reset();
            }
            boolean real = false;
            for (int faults = dice.nextInt(5); faults > 0; faults--) {
                WireFault fault = anyOf(List.of(WireFault.values()));
                if (fault.takesRealTime() && chance(0.6)) {
                    fault = WireFault.RESET; // They take long, so there are few of them.
                }
                real |= fault.takesRealTime();
                strike(fault);
            }
            return (real ? options.withTimeout(PATIENCE) : options).withCancellation(cancellation);
        }

        private Set<Integer> someRequests(double probability) {
            Set<Integer> some = new TreeSet<>();
            for (int request = 1; request < 20; request++) {
                if (chance(probability / 2)) {
                    some.add(request);
                }
            }
            return chance(probability * 2) ? some : Set.of();
        }

        private void strike(WireFault fault) {
            FaultPlan faults = partner.simulator.faults();
            FaultPlan.Step step = switch (dice.nextInt(8)) {
                case 0 -> faults.on(tenant.id(), Endpoint.TOKEN_REFRESH);
                case 1 -> faults.on(tenant.id(), Endpoint.CONSENT_POST);
                case 2, 3 -> faults.on(tenant.id(), Endpoint.BATCH);
                case 4 -> faults.onPart(tenant.id(), "GET", "/");
                case 5 -> faults.onPart(tenant.id(), "POST", "/");
                case 6 -> faults.onPart(tenant.id(), "PATCH", GRANTS);
                default -> faults.onPart(tenant.id(), "DELETE", "/");
            };
            int first = 1 + dice.nextInt(3);
            int times = 1 + dice.nextInt(4);
            boolean lost = chance(0.5);
            AtomicInteger matches = new AtomicInteger();
            step.nth(first).times(times).when(request -> {
                int match = matches.incrementAndGet();
                if (match >= first && match < first + times) {
                    happens(fault.name(), request);
                    if (lost) {
                        happens("answers lost after their effect", request);
                    }
                }
                return true;
            });
            fault.on(lost ? step.afterEffect() : step);
        }

        private synchronized void happens(String what, WireRequest request) {
            counts.merge(what, 1, Integer::sum);
            story.add("  " + what + " at " + request);
        }

        /** Every request comes by here first; says whether the process dies of it. */
        private synchronized boolean passes(WireRequest request, String death) {
            int number = ++requests - requestsBefore;
            story.add(number + ". " + request);
            try {
                requireNothingLost();
            } catch (AssertionError e) {
                brokenOnTheWay = e;
            }
            if (firstLook.request() == Integer.MAX_VALUE && request.body().contains("\"GET\"")) {
                firstLook = now();
            }
            if (timePassesAt.contains(number)) {
                happens("time passed", request);
                partner.time.advance(Duration.ofSeconds(dice.nextInt(240)));
            }
            if (adminAt.contains(number)) {
                happens("changes by an admin", request);
                somebodyElse();
            }
            if (number == untilCancelled) {
                happens("cancelled", request);
                cancellation.cancel();
            }
            if (number == untilDeath) {
                happens(death, request);
                clock.die();
                return true;
            }
            return false;
        }

        private void somebodyElse() {
            NavigableSet<Held> before = held();
            changeSomething(before);
            NavigableSet<Held> after = held();
            Held.minus(after, before).forEach(held -> {
                added.put(held, now());
                toStay.add(held);
                story.add("  somebody added " + held);
            });
            Held.minus(before, after).forEach(held -> {
                taken.put(held, now());
                toStay.remove(held);
                story.add("  somebody took " + held);
            });
            ofUsers = grantsOfUsers();
        }

        private void changeSomething(NavigableSet<Held> held) {
            if (tenant.servicePrincipal(partner.clientId()).isEmpty()) {
                return;
            }
            String resource = anyOf(resources());
            boolean there = tenant.servicePrincipal(resource).isPresent();
            List<Held> notBootstrap = held.stream()
                    .filter(it -> !it.resource().equals(AppId.MICROSOFT_GRAPH))
                    .toList();
            switch (dice.nextInt(12)) {
                case 0 -> tenant.deleteServicePrincipal(partner.clientId());
                case 1 -> {
                    if (!resource.equals(ResourceCatalog.GRAPH)) {
                        tenant.deleteServicePrincipal(resource);
                    }
                }
                case 2, 3 -> {
                    if (there) {
                        tenant.userGrant(BOB, resource, Set.of("User.Read"));
                    }
                }
                case 4, 5, 6 -> {
                    if (!notBootstrap.isEmpty()) {
                        take(anyOf(notBootstrap));
                    }
                }
                case 7 -> {
                    if (there) {
                        giveTwice(resource);
                    }
                }
                default -> {
                    if (there) {
                        giveAnything();
                    }
                }
            }
        }

        private void take(Held held) {
            String resource = held.resource().toString();
            if (held.role()) {
                tenant.removeAppRole(resource, held.id());
            } else {
                Set<String> spellings =
                        tenant.grantedScopes(partner.clientId()).getOrDefault(resource, Set.of()).stream()
                                .filter(held.id()::equalsIgnoreCase)
                                .collect(Collectors.toSet());
                tenant.removeScopes(resource, spellings);
            }
        }

        private Moment now() {
            return new Moment(requests, partner.time.instant());
        }

        /** Whether the operation cannot have known of a change: it came after its first look, or that lagged behind it. */
        private boolean unseen(@Nullable Moment change) {
            return change != null
                    && (change.request() > firstLook.request()
                            || (lags && change.time().plus(LONGEST_LAG).isAfter(firstLook.time())));
        }

        // The judge

        private NavigableSet<Held> held() {
            NavigableSet<Held> held = new TreeSet<>();
            tenant.grantedAppRoles(partner.clientId())
                    .forEach((resource, roles) ->
                            roles.forEach(role -> held.add(Held.ofRole(AppId.of(resource), UUID.fromString(role)))));
            tenant.grantedScopes(partner.clientId())
                    .forEach((resource, scopes) ->
                            scopes.forEach(scope -> held.add(Held.ofScope(AppId.of(resource), scope))));
            return held;
        }

        private List<SimulatedGrant> grantsOfUsers() {
            return tenant.grants(partner.clientId()).stream()
                    .filter(grant -> !grant.tenantWide())
                    .sorted(Comparator.comparing(SimulatedGrant::id))
                    .toList();
        }

        /** At no moment, whatever the order of things, but for what nobody can know of: Graph has no condition on writes. */
        private synchronized void requireNothingLost() {
            if (brokenOnTheWay != null) {
                throw brokenOnTheWay;
            }
            assertThat(grantsOfUsers()).as("users' own grants").isEqualTo(ofUsers);
            if (extraGrants == ExtraGrants.REVOKE) {
                return;
            }
            for (Held lost : Held.minus(toStay, held())) {
                assertThat(!lost.role() && unseen(added.get(lost)))
                        .as("%s is lost", lost)
                        .isTrue();
                toStay.remove(lost);
                counts.merge("lost: added by somebody after the look", 1, Integer::sum);
            }
        }

        private void previewAndApply(RefreshOptions options) {
            long writtenBefore = writes();
            CpvResult preview = client.preview(id(tenant), options);
            judge(preview);
            assertThat(writtenBefore).as("writes of a preview").isEqualTo(writes());
            preview.findPlan().ifPresent(plan -> judge(client.apply(plan, options)));
        }

        private long writes() {
            return partner.simulator.journal().parts(tenant.id()).stream()
                    .filter(WireJournal.Part::write)
                    .count();
        }

        private void judge(CpvResult result) {
            story.add(result.toString());
            counts.merge("outcome " + result.outcome(), 1, Integer::sum);
            assertThat(result.permissions())
                    .extracting(PermissionOutcome::permission)
                    .doesNotHaveDuplicates()
                    .containsAll(required.permissions());
            NavigableSet<Held> held = held();
            for (PermissionOutcome outcome : result.permissions()) {
                judge(outcome, held);
            }
            for (ExtraPermission extra : result.extras()) {
                AppId resource = extra.resource();
                Held it = extra.type() == PermissionType.APPLICATION
                        ? Held.ofRole(resource, UUID.fromString(extra.id()))
                        : Held.ofScope(resource, extra.value());
                assertThat(extra.revoked() && held.contains(it) && !unseen(added.get(it)))
                        .as("%s is said to be revoked", it)
                        .isFalse();
            }
            if (result.outcome().isInSync() && result.outcome() != RefreshOutcome.SKIPPED) {
                assertThat(result.permissions())
                        .extracting(PermissionOutcome::status)
                        .isSubsetOf(Status.GRANTED, Status.ALREADY_GRANTED, Status.NOT_APPLICABLE);
            }
        }

        private void judge(PermissionOutcome outcome, NavigableSet<Held> held) {
            RequiredPermission permission = outcome.permission();
            String resource = permission.resource().toString();
            switch (outcome.status()) {
                case GRANTED, ALREADY_GRANTED -> {
                    Held claimed = meant(permission);
                    if (!held.contains(claimed)) {
                        assertThat(unseen(taken.get(claimed)))
                                .as("%s is not there", outcome)
                                .isTrue();
                        counts.merge("taken by somebody after the look", 1, Integer::sum);
                    }
                }
                case NOT_APPLICABLE ->
                    assertThat(unavailable.contains(resource) || resource.equals(ResourceCatalog.PARTNER_CENTER))
                            .as("%s", outcome)
                            .isTrue();
                case NOT_OFFERED -> assertThat(withdrawn).as("%s", outcome).contains(meant(permission));
                default -> {
                    boolean explained = outcome.status() == Status.MISSING
                            || outcome.failure().isPresent();
                    assertThat(explained).as("a reason: %s", outcome).isTrue();
                }
            }
        }

        private Held meant(RequiredPermission permission) {
            AppId resource = permission.resource();
            return permission.type() == PermissionType.APPLICATION
                    ? Held.ofRole(resource, UUID.fromString(roleId(permission)))
                    : Held.ofScope(resource, scopeName(permission));
        }

        private String roleId(RequiredPermission permission) {
            return published(permission)
                    .flatMap(resource -> resource.appRole(permission.id()))
                    .map(ResourceCatalog.Permission::id)
                    .orElse(permission.id());
        }

        private String scopeName(RequiredPermission permission) {
            return published(permission)
                    .flatMap(resource -> resource.scope(permission.id()))
                    .map(ResourceCatalog.Permission::value)
                    .orElse(permission.id());
        }

        private Optional<ResourceCatalog.Resource> published(RequiredPermission permission) {
            return partner.simulator.catalog().resource(permission.resource().toString());
        }

        // After the faults

        void calmTime() {
            begin(options());
            partner.simulator.faults().clear();
            tenant.behaviour().throttledShare(0).flapping(Duration.ZERO).grantAppliedBut404(0);
            startAgain();
            story.add("calm");
            int refreshes = 0;
            @Nullable CpvResult last = null;
            while (last == null || (refreshes < 2 && !missing().isEmpty())) {
                firstLook = now();
                last = client.refresh(id(tenant), options().withConsentWait(Duration.ofMinutes(3)));
                judge(last);
                requireNothingLost();
                refreshes++;
                // What was written last is listed by then.
                partner.time.advance(LONGEST_LAG);
            }
            assertThat(missing()).as("missing after two refreshes: %s", last).isEmpty();
            if (extraGrants == ExtraGrants.KEEP) {
                assertThat(held()).as("kept").containsAll(toStay);
            } else {
                assertThat(beyond()).as("beyond what is required: %s", last).isEmpty();
            }
            resources().stream()
                    .filter(this::isRequired)
                    .forEach(resource -> assertThat(grantsOf(resource))
                            .as("grants on %s", resource)
                            .isLessThan(2));
            CpvResult preview = client.preview(id(tenant), nightly());
            assertThat(preview.plan().steps()).as("steps left: %s", preview).allMatch(this::isRefusedHere);
            counts.merge("in sync after " + refreshes + " without faults", 1, Integer::sum);
        }

        /** That a role was withdrawn in this tenant, or a resource may not be created, is known by trying alone. */
        private boolean isRefusedHere(PlanStep step) {
            if (unavailable.contains(step.resource().toString())) {
                return true;
            }
            return step.kind() == StepKind.ASSIGN_APP_ROLE
                    && withdrawn.contains(Held.ofRole(step.resource(), ((PlanStep.AssignAppRole) step).appRoleId()));
        }

        private boolean isRequired(String resource) {
            return required.permissions().stream()
                    .anyMatch(permission -> permission.type() == PermissionType.DELEGATED
                            && permission.resource().toString().equals(resource));
        }

        private int grantsOf(String resource) {
            return tenant.servicePrincipal(resource).isPresent()
                    ? grantsOn(tenant, resource).size()
                    : 0;
        }

        /** At night, what could not be added is remembered; a person would ask for it again. */
        private RefreshOptions nightly() {
            return RefreshOptions.defaults().withExtraGrants(extraGrants).withPriority(Priority.NIGHTLY);
        }

        private NavigableSet<Held> missing() {
            NavigableSet<Held> missing = wanted();
            missing.removeAll(held());
            missing.removeIf(it -> unavailable.contains(it.resource().toString()) || withdrawn.contains(it));
            return missing;
        }

        private NavigableSet<Held> beyond() {
            return Held.minus(held(), wanted());
        }

        private NavigableSet<Held> wanted() {
            NavigableSet<Held> wanted = new TreeSet<>();
            required.plus(RequiredPermissionSet.bootstrap()).permissions().stream()
                    .filter(permission -> !permission.resource().toString().equals(ResourceCatalog.PARTNER_CENTER))
                    .forEach(permission -> wanted.add(meant(permission)));
            return wanted;
        }

        private String story() {
            return "required " + required.permissions().size() + ", " + extraGrants + ", lags " + lags
                    + ", unavailable " + unavailable + ", withdrawn " + withdrawn + "\n" + String.join("\n", story);
        }
    }

    /** When something happened, by the number of the request in its operation and by the clock. */
    private record Moment(int request, Instant time) {}
}
