package dev.cpv.fleet;

import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.TenantId;
import dev.cpv.spi.AcceptedTenantList;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.RunLock;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantCatalogException;
import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Before the first turn: who is there (R31), and in which order. */
final class Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(FleetRefresh.class);
    /** As early as Microsoft itself tells of it the first time, by mail to the partner's administrators. */
    private static final Duration SOON = Duration.ofDays(30);

    private final FleetRefresh fleet;
    private final RunRecord record;
    private final Cancellation cancellation;
    private int wellInFleet;

    Preparation(FleetRefresh fleet, RunRecord record, Cancellation cancellation) {
        this.fleet = fleet;
        this.record = record;
        this.cancellation = cancellation;
    }

    /** Hands the turns over, and the alarm if the run may not begin; never throws for a remote cause. */
    void into(FleetRun run) {
        try {
            if (!fleet.isPlanOnly() && !claim(run)) {
                return;
            }
            CatalogSnapshot snapshot = fleet.catalog().list(cancellation);
            List<CatalogTenant> tenants = fleet.withIncluded(snapshot.tenants());
            run.begin(tenants.size(), snapshot.remarks(), accessEnding(tenants));
            accept(snapshot).ifPresent(run::stop);
            List<TenantAttempt> turns = turns(tenants);
            run.turns(turns, new Brake(fleet.allowsMassChange(), wellInFleet));
        } catch (TenantCatalogException e) {
            run.begin(0, List.of(), List.of());
            if (e.failure().code() == FailureCode.CANCELLED) {
                run.cancel();
            } else {
                run.stop(alarm(e.failure()));
            }
        } catch (RefreshJournalException e) {
            run.begin(0, List.of(), List.of());
            run.stop(CpvFailure.builder(FailureCode.JOURNAL_FAILED, "Nothing was begun. " + e.getMessage())
                    .scope(FailureScope.PARTNER)
                    .build());
        }
    }

    /** R32: runs never overlap. A run that only looks is in nobody's way. */
    private boolean claim(FleetRun run) {
        Optional<RunLock> claim = fleet.journal().claim();
        if (claim.isEmpty()) {
            run.begin(0, List.of(), List.of());
            run.stop(CpvFailure.of(FailureCode.FLEET_BUSY, "Another run has not ended: runs never overlap"));
            return false;
        }
        run.hold(claim.get());
        fleet.journal().save(record);
        return true;
    }

    private static CpvFailure alarm(CpvFailure failure) {
        return failure.scope() == FailureScope.PARTNER
                ? failure
                : CpvFailure.builder(FailureCode.CATALOG_FAILED, failure.toString())
                        .retryable(failure.retryable())
                        .retryAfter(failure.retryAfter().orElse(null))
                        .remediation(failure.remediation())
                        .serviceCode(failure.serviceCode().orElse(null))
                        .requestId(failure.requestId().orElse(null))
                        .build();
    }

    /** Whose access ends soon, the soonest first, of those that somebody wants to keep. */
    private List<ExpiringAccess> accessEnding(List<CatalogTenant> tenants) {
        Instant soon = now().plus(SOON);
        return tenants.stream()
                .filter(tenant -> tenant.accessEnds().filter(soon::isAfter).isPresent())
                .filter(tenant -> fleet.closed(tenant).isEmpty()
                        && known(tenant.id()).filter(Selection::isOffboarded).isEmpty())
                .map(tenant -> new ExpiringAccess(
                        tenant.id(), tenant.label(), tenant.accessEnds().orElseThrow()))
                .sorted(Comparator.comparing(ExpiringAccess::ends).thenComparing(ExpiringAccess::tenant))
                .toList();
    }

    /** R31: swaps the list whole, or says why it is not believed. */
    private Optional<CpvFailure> accept(CatalogSnapshot snapshot) {
        Set<TenantId> manageable = snapshot.tenants().stream()
                .filter(CatalogTenant::isManageable)
                .map(CatalogTenant::id)
                .collect(Collectors.toSet());
        Optional<CpvFailure> loss = fleet.allowsShrinking()
                ? Optional.empty()
                : fleet.journal()
                        .roster()
                        .flatMap(before -> TenantListGuard.between(before, manageable, fleet.maxLoss()));
        if (loss.isEmpty() && !fleet.isPlanOnly()) {
            fleet.journal().save(AcceptedTenantList.of(now(), manageable));
        }
        return loss;
    }

    /** Who was asked for by hand, as named; who was never refreshed, who failed, then the rest, each in an order that stays. */
    private List<TenantAttempt> turns(List<CatalogTenant> tenants) {
        List<QueuePosition> places = new ArrayList<>(tenants.size());
        for (CatalogTenant tenant : tenants) {
            places.add(place(tenant));
        }
        places.sort(Comparator.comparingInt(QueuePosition::rank)
                .thenComparing(QueuePosition::order, Long::compareUnsigned));
        return places.stream().map(QueuePosition::turn).toList();
    }

    private record QueuePosition(TenantAttempt turn, int rank, long order) {}

    private QueuePosition place(CatalogTenant tenant) {
        Optional<Integer> named = fleet.manualPlace(tenant.id());
        Optional<TenantRecord> known = known(tenant.id());
        boolean well = known.filter(each -> each.lastOutcome().isInSync()).isPresent();
        wellInFleet += well ? 1 : 0;
        long hash = hash(tenant.id());
        TenantAttempt turn = new TenantAttempt(tenant, named.isPresent());
        if (named.isPresent()) {
            return new QueuePosition(turn, 0, named.get());
        }
        if (!fleet.spread().isZero()) {
            turn.notBefore(record.started().plus(share(fleet.spread(), hash)));
        }
        return new QueuePosition(turn, known.isEmpty() ? 1 : well ? 3 : 2, hash);
    }

    private Optional<TenantRecord> known(TenantId tenant) {
        try {
            return fleet.client().journal().find(tenant);
        } catch (RefreshJournalException e) {
            LOG.warn(
                    "The journal did not tell what it remembers of tenant {}; it takes its turn all the same",
                    tenant,
                    e);
            return Optional.empty();
        }
    }

    /** Every night and on every JVM the same, and spread evenly whatever the ids are like (R32). */
    static long hash(TenantId tenant) {
        UUID id = tenant.value();
        long mixed = id.getMostSignificantBits() * 31 + id.getLeastSignificantBits();
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    private static Duration share(Duration whole, long hash) {
        double part = (hash >>> 11) / (double) (1L << 53);
        return Duration.ofMillis((long) (whole.toMillis() * part));
    }

    private Instant now() {
        return fleet.client().clock().instant();
    }
}
