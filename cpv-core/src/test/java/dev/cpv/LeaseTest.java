package dev.cpv;

import static dev.cpv.Fixture.DEFENDER;
import static dev.cpv.Fixture.GRAPH;
import static dev.cpv.Fixture.NIGHTLY;
import static dev.cpv.Fixture.TENANT;
import static dev.cpv.Fixture.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.OperationKind;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantRecord;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.PassingDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One operation per tenant at a time, by leases of the journal; and what becomes of a refresh whose journal fails. */
class LeaseTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Fixture fixture = new Fixture();

    @Test
    void R34_secondClientIsToldWhoIsAtWorkAndHowLongAtMost() {
        fixture.consented();
        List<CpvResult> second = new ArrayList<>();
        CpvClient other = fixture.builder(fixture.directory).build();
        CpvClient first = client(whileObserving(context -> {
            if (second.isEmpty()) {
                fixture.clock.advance(Duration.ofMinutes(4));
                second.add(other.refresh(TENANT));
            }
        }));

        CpvResult done = first.refresh(TENANT);

        assertThat(done.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(second).hasSize(1).first().satisfies(result -> {
            assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
            assertThat(result.worthRetrying()).isTrue();
            assertThat(result.failure()).hasValueSatisfying(busy -> {
                assertThat(busy.code()).isEqualTo(FailureCode.TENANT_BUSY);
                assertThat(busy.retryable()).isTrue();
                assertThat(busy.retryAfter())
                        .as("ten minutes and one for clocks that differ, less the four that passed")
                        .contains(Duration.ofMinutes(7));
                assertThat(busy.message()).contains("nightly@host");
            });
        });
        assertThat(other.refresh(TENANT).outcome()).as("free again").isEqualTo(RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void R34_callerInTheSameClientIsToldHowLongToo() {
        fixture.consented();
        List<CpvResult> second = new ArrayList<>();
        CpvClient[] client = new CpvClient[1];
        client[0] = client(whileObserving(context -> {
            if (second.isEmpty()) {
                second.add(client[0].refresh(TENANT));
            }
        }));

        client[0].refresh(TENANT);

        assertThat(second)
                .hasSize(1)
                .first()
                .satisfies(result -> assertThat(result.failure().flatMap(CpvFailure::retryAfter))
                        .contains(Duration.ofMinutes(11)));
    }

    @Test
    void R34_leaseLastsALittleLongerThanTheOperationMay() {
        fixture.consented();
        List<Lease> leases = new ArrayList<>();

        client(whileObserving(
                        context -> leases.add(fixture.journal.lease(TENANT).orElseThrow())))
                .refresh(TENANT, RefreshOptions.defaults().withTimeout(Duration.ofSeconds(90)));

        assertThat(leases).isNotEmpty().allSatisfy(lease -> {
            assertThat(lease.until()).isEqualTo(fixture.clock.instant().plusSeconds(150));
            assertThat(lease.owner()).startsWith("nightly@host ");
        });
    }

    @Test
    void R34_leaseIsGivenBackHoweverTheOperationEnds() {
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();
        fixture.consented();

        assertFreeAfter(fixture.client.refresh(TENANT), RefreshOutcome.UPDATED);
        assertFreeAfter(fixture.client.refresh(TENANT), RefreshOutcome.UP_TO_DATE);
        fixture.tenant.failNext(failure(FailureCode.NETWORK_FAILURE));
        assertFreeAfter(fixture.client.refresh(TENANT), RefreshOutcome.FAILED);
        assertFreeAfter(
                fixture.client.refresh(TENANT, RefreshOptions.defaults().withCancellation(cancelled)),
                RefreshOutcome.CANCELLED);
        assertFreeAfter(
                client(whileObserving(context -> {
                            throw new IllegalStateException("A fault in a directory");
                        }))
                        .refresh(TENANT),
                RefreshOutcome.FAILED);
        Thread.currentThread().interrupt();
        assertFreeAfter(fixture.client.refresh(TENANT), RefreshOutcome.CANCELLED);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void R34_applyTakesALeaseAndPreviewDoesNot() {
        fixture.consented();
        CpvRefreshPlan plan = fixture.client.preview(TENANT).plan();
        Lease other = fixture.journal
                .acquire(TENANT, "other", fixture.clock.instant(), HOUR)
                .orElseThrow();

        assertThat(fixture.client.preview(TENANT).outcome()).isEqualTo(RefreshOutcome.DRIFTED);
        assertBusy(fixture.client.apply(plan));
        assertThat(fixture.writes()).isEmpty();
        assertThat(fixture.journal.find(TENANT)).as("no attempt").isEmpty();

        fixture.journal.release(other);
        assertThat(fixture.client.apply(plan).outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.journal.lease(TENANT)).isEmpty();
    }

    @Test
    void R34_previewAndPlanResetNeedNoLeaseInTheProcessEither() {
        fixture.inSync();
        List<RefreshOutcome> previews = new ArrayList<>();
        List<CpvResetPlan> plans = new ArrayList<>();
        CpvClient[] same = new CpvClient[1];
        CpvClient other = fixture.builder(fixture.directory).build();
        same[0] = client(whileObserving(context -> {
            if (context.operation() == OperationKind.REFRESH) {
                previews.add(same[0].preview(TENANT).outcome());
                previews.add(other.preview(TENANT).outcome());
                plans.add(same[0].planReset(TENANT));
                plans.add(other.planReset(TENANT));
            }
        }));

        assertThat(same[0].refresh(TENANT).outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);

        assertThat(previews).containsExactly(RefreshOutcome.UP_TO_DATE, RefreshOutcome.UP_TO_DATE);
        assertThat(plans)
                .hasSize(2)
                .allSatisfy(plan -> assertThat(plan.failure()).isEmpty());
    }

    @Test
    void R34_previewWithinTheProcessLeavesTheTenantBusyForWriters() {
        fixture.inSync();
        List<CpvResult> second = new ArrayList<>();
        CpvClient[] client = new CpvClient[1];
        client[0] = client(whileObserving(context -> {
            if (context.operation() == OperationKind.REFRESH && second.isEmpty()) {
                client[0].preview(TENANT);
                second.add(client[0].refresh(TENANT));
            }
        }));

        client[0].refresh(TENANT);

        assertThat(second).hasSize(1).allSatisfy(LeaseTest::assertBusy);
    }

    @Test
    void R34_leaseOfADeadProcessEndsByItself() {
        fixture.inSync();
        fixture.journal.acquire(TENANT, "dead", fixture.clock.instant(), HOUR);

        assertBusy(fixture.client.refresh(TENANT));
        assertThat(fixture.calls()).isEmpty();
        fixture.clock.advance(HOUR);
        assertThat(fixture.client.refresh(TENANT).outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void R34_whoWasTakenOverWritesNothingMoreAndRecordsNothing() {
        fixture.consented();
        List<Lease> taken = new ArrayList<>();
        CpvClient late = client(whileObserving(context -> {
            if (taken.isEmpty()) {
                // A machine whose clock is far ahead.
                taken.add(fixture.journal
                        .acquire(TENANT, "ahead", fixture.clock.instant().plus(HOUR), HOUR)
                        .orElseThrow());
            }
        }));

        CpvResult result = late.refresh(TENANT);

        assertThat(result.outcome()).as("the tenant was observed").isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.TENANT_BUSY);
        assertThat(fixture.writes()).isEmpty();
        assertThat(fixture.journal.find(TENANT)).isEmpty();
        assertThat(fixture.journal.lease(TENANT)).isEqualTo(Optional.of(taken.get(0)));
    }

    @Test
    void R34_recordOfWhoWasTakenOverInTheEndIsRefused() {
        fixture.inSync();
        TenantRecord other = new TenantRecord(
                TENANT,
                fixture.clock.instant(),
                RefreshOutcome.UPDATED,
                "other",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                0);
        CpvClient late = client(whileObserving(context -> {
            Lease taken = fixture.journal
                    .acquire(TENANT, "ahead", fixture.clock.instant().plus(HOUR), HOUR)
                    .orElseThrow();
            fixture.journal.save(other, taken);
        }));

        assertThat(late.refresh(TENANT).outcome())
                .as("the result is true all the same")
                .isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(fixture.journal.find(TENANT)).contains(other);
    }

    @Test
    void R34_withoutALeaseNothingIsBegun() {
        fixture.consented();
        CpvResult told = client(new PassingJournal(fixture.journal) {
                    @Override
                    public Optional<Lease> acquire(TenantId tenant, String owner, Instant now, Duration duration) {
                        throw new RefreshJournalException("No space left", null);
                    }
                })
                .refresh(TENANT);
        CpvResult foreign = client(new PassingJournal(fixture.journal) {
                    @Override
                    public Optional<Lease> acquire(TenantId tenant, String owner, Instant now, Duration duration) {
                        throw new IllegalStateException("password=hunter2");
                    }
                })
                .refresh(TENANT);

        assertThat(fixture.calls()).isEmpty();
        assertThat(told.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(told.failure()).hasValueSatisfying(failed -> {
            assertThat(failed.code()).isEqualTo(FailureCode.JOURNAL_FAILED);
            assertThat(failed.retryable()).isTrue();
            assertThat(failed.message()).contains("No space left");
        });
        assertThat(foreign.failure()).hasValueSatisfying(failed -> {
            assertThat(failed.code()).isEqualTo(FailureCode.JOURNAL_FAILED);
            assertThat(failed.message()).contains("IllegalStateException").doesNotContain("hunter2");
        });
    }

    @Test
    void R34_journalThatFailsAfterTheLeaseTakesNoResultAway() {
        fixture.consented();
        List<String> asked = new ArrayList<>();
        CpvResult result = client(new PassingJournal(fixture.journal) {
                    @Override
                    public Optional<Lease> renew(Lease lease, Instant now, Duration duration) {
                        asked.add("renew");
                        throw new RefreshJournalException("disk full", null);
                    }

                    @Override
                    public boolean save(TenantRecord record, Lease lease) {
                        asked.add("save");
                        throw new RefreshJournalException("disk full", null);
                    }

                    @Override
                    public void release(Lease lease) {
                        asked.add("release");
                        throw new RefreshJournalException("disk full", null);
                    }
                })
                .refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(asked).containsOnlyOnce("save", "release").contains("renew");
        assertThat(fixture.client.preview(TENANT).outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void R34_busyIsToldThoughTheJournalDoesNotSayWhoItIs() {
        fixture.journal.acquire(TENANT, "other", fixture.clock.instant(), HOUR);

        CpvResult result = client(new PassingJournal(fixture.journal) {
                    @Override
                    public Optional<Lease> lease(TenantId tenant) {
                        throw new RefreshJournalException("gone", null);
                    }
                })
                .refresh(TENANT);

        assertBusy(result);
        assertThat(result.failure().flatMap(CpvFailure::retryAfter)).isEmpty();
    }

    @Test
    void R15_memoryThatCannotBeReadIsNotOverwritten() {
        fixture.consented().tenant.withUnavailableResource(DEFENDER);
        fixture.client.refresh(TENANT, NIGHTLY);
        Optional<TenantRecord> before = fixture.journal.find(TENANT);
        int calls = fixture.calls().size();

        CpvResult result = client(new PassingJournal(fixture.journal) {
                    @Override
                    public Optional<TenantRecord> find(TenantId tenant) {
                        throw new RefreshJournalException("no permission", null);
                    }
                })
                .refresh(TENANT, NIGHTLY);

        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.JOURNAL_FAILED);
        assertThat(fixture.calls()).hasSize(calls);
        assertThat(fixture.journal.find(TENANT)).isEqualTo(before);
        assertThat(before.orElseThrow().notCreatable()).containsOnlyKeys(DEFENDER);
    }

    @Test
    void R15_whatCouldNotBeAddedIsRememberedBeyondTheProcess(@TempDir Path directory) {
        fixture.consented().tenant.withUnavailableResource(DEFENDER);
        client(FileRefreshJournal.open(directory)).refresh(TENANT, NIGHTLY);
        int writes = fixture.writes().size();
        fixture.clock.advance(Duration.ofDays(6));

        CpvResult result = client(FileRefreshJournal.open(directory)).refresh(TENANT, NIGHTLY);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(fixture.writes()).as("not asked again").hasSize(writes);
        fixture.clock.advance(Duration.ofDays(2));
        client(FileRefreshJournal.open(directory)).refresh(TENANT, NIGHTLY);
        assertThat(fixture.writes()).as("asked again after a week").hasSize(writes + 1);
    }

    @Test
    void nameIsBounded() {
        for (String bad : List.of("", " ", "x".repeat(101))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fixture.builder(fixture.directory).name(bad));
        }
        fixture.inSync();
        assertThat(fixture.builder(fixture.directory)
                        .name("x".repeat(100))
                        .build()
                        .refresh(TENANT)
                        .outcome())
                .isEqualTo(RefreshOutcome.UP_TO_DATE);
    }

    private void assertFreeAfter(CpvResult result, RefreshOutcome outcome) {
        assertThat(result.outcome()).isEqualTo(outcome);
        assertThat(fixture.journal.lease(TENANT))
                .as("the lease after %s", outcome)
                .isEmpty();
    }

    private static void assertBusy(CpvResult result) {
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.TENANT_BUSY);
        assertThat(result.permissions())
                .anyMatch(permission -> permission.permission().resource().equals(GRAPH));
    }

    private CpvClient client(TenantDirectory directory) {
        return fixture.builder(directory).name("nightly@host").build();
    }

    private CpvClient client(RefreshJournal journal) {
        return CpvClient.builder(fixture.directory, Fixture.REQUIRED)
                .journal(journal)
                .clock(fixture.clock)
                .sleeper(fixture.clock)
                .build();
    }

    private TenantDirectory whileObserving(Consumer<RefreshContext> event) {
        return new PassingDirectory(fixture.directory) {
            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                event.accept(context);
                return super.observe(session, context, resources);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEndlessTimeoutGetsALeaseToo(boolean file, @TempDir Path directory) {
        RefreshJournal journal = file ? FileRefreshJournal.open(directory) : fixture.journal;

        CpvResult result = client(journal)
                .refresh(TENANT, RefreshOptions.defaults().withTimeout(Duration.ofSeconds(Long.MAX_VALUE)));

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
    }
}
