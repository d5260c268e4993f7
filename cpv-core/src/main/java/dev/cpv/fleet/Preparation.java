package dev.cpv.fleet;

import dev.cpv.internal.failure.ProgramFault;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.TenantId;
import dev.cpv.spi.AcceptedTenantList;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.RefreshJournalException;
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

/** Prepares a run: reads the tenant list (R31) and puts it in order (R32). */
final class Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(FleetRefresh.class);
    /** Microsoft sends its first reminder to the partner's administrators at this time too. */
    private static final Duration SOON = Duration.ofDays(30);

    private final FleetSettings settings;
    private final Selection selection;
    private final RunRegistration registration;
    private final RunRecord run;
    private final Cancellation cancellation;

    Preparation(
            FleetSettings settings,
            Selection selection,
            RunRegistration registration,
            RunRecord run,
            Cancellation cancellation) {
        this.settings = settings;
        this.selection = selection;
        this.registration = registration;
        this.run = run;
        this.cancellation = cancellation;
    }

    /**
     * Registers the run and reads the tenant list.
     *
     * @return the tenants in their order, or the alarm if the run may not begin; never an exception for a remote cause
     */
    PreparedRun prepare() {
        try {
            return settings.planOnly() || registration.begin(run)
                    ? list()
                    : PreparedRun.withoutList(
                            CpvFailure.of(FailureCode.FLEET_BUSY, "Another run has not ended: runs never overlap"));
        } catch (TenantCatalogException e) {
            return PreparedRun.withoutList(alarm(e.failure()));
        } catch (RefreshJournalException e) {
            return PreparedRun.withoutList(
                    CpvFailure.builder(FailureCode.JOURNAL_FAILED, "Nothing was started. " + e.getMessage())
                            .scope(FailureScope.PARTNER)
                            .build());
        }
    }

    private PreparedRun list() {
        CatalogSnapshot snapshot = settings.catalog().list(cancellation);
        List<CatalogTenant> tenants = selection.withIncluded(snapshot.tenants());
        Optional<CpvFailure> loss = accept(snapshot);
        List<QueuePosition> positions = positions(tenants);
        return new PreparedRun(
                tenants.size(),
                snapshot.remarks(),
                accessEnding(tenants),
                positions.stream().map(QueuePosition::attempt).toList(),
                (int) positions.stream().filter(QueuePosition::inSync).count(),
                loss);
    }

    private static CpvFailure alarm(CpvFailure failure) {
        return failure.scope() == FailureScope.PARTNER || failure.code() == FailureCode.CANCELLED
                ? failure
                : failure.as(FailureCode.CATALOG_FAILED, failure.toString()).toBuilder()
                        .retryable(failure.retryable())
                        .retryAfter(failure.retryAfter().orElse(null))
                        .remediation(failure.remediation())
                        .build();
    }

    /** The tenants whose access ends soon, the soonest first, without those that a run leaves out on purpose. */
    private List<ExpiringAccess> accessEnding(List<CatalogTenant> tenants) {
        Instant soon = settings.now().plus(SOON);
        return tenants.stream()
                .filter(tenant -> tenant.accessEnds().filter(soon::isAfter).isPresent())
                .filter(tenant -> selection.closed(tenant).isEmpty()
                        && known(tenant.id()).filter(Selection::isOffboarded).isEmpty())
                .map(tenant -> new ExpiringAccess(
                        tenant.id(), tenant.label(), tenant.accessEnds().orElseThrow()))
                .sorted(Comparator.comparing(ExpiringAccess::ends).thenComparing(ExpiringAccess::tenant))
                .toList();
    }

    /** R31: accepts the list completely, or returns why it is refused. */
    private Optional<CpvFailure> accept(CatalogSnapshot snapshot) {
        Set<TenantId> manageable = snapshot.tenants().stream()
                .filter(CatalogTenant::isManageable)
                .map(CatalogTenant::id)
                .collect(Collectors.toSet());
        Optional<CpvFailure> loss = settings.shrinkingAllowed()
                ? Optional.empty()
                : settings.store()
                        .acceptedList()
                        .flatMap(before -> TenantListGuard.between(before, manageable, settings.maxLoss()));
        if (loss.isEmpty() && !settings.planOnly()) {
            settings.store().save(AcceptedTenantList.of(settings.now(), manageable));
        }
        return loss;
    }

    /** First the named tenants as named, then those never refreshed, those not in sync, and the rest, each in a stable order. */
    private List<QueuePosition> positions(List<CatalogTenant> tenants) {
        List<QueuePosition> positions = new ArrayList<>(tenants.size());
        for (CatalogTenant tenant : tenants) {
            positions.add(position(tenant));
        }
        positions.sort(Comparator.comparingInt(QueuePosition::rank)
                .thenComparing(QueuePosition::order, Long::compareUnsigned));
        return positions;
    }

    private record QueuePosition(TenantAttempt attempt, boolean inSync, int rank, long order) {}

    private QueuePosition position(CatalogTenant tenant) {
        Optional<Integer> named = settings.manualPlace(tenant.id());
        Optional<TenantRecord> known = known(tenant.id());
        boolean inSync = known.filter(record -> record.lastOutcome().isInSync()).isPresent();
        long hash = hash(tenant.id());
        TenantAttempt attempt = new TenantAttempt(tenant, named.isPresent());
        if (named.isPresent()) {
            return new QueuePosition(attempt, inSync, 0, named.get());
        }
        if (!settings.spread().isZero()) {
            attempt.notBefore(run.started().plus(share(settings.spread(), hash)));
        }
        return new QueuePosition(attempt, inSync, known.isEmpty() ? 1 : inSync ? 3 : 2, hash);
    }

    private Optional<TenantRecord> known(TenantId tenant) {
        try {
            return settings.client().journal().find(tenant);
        } catch (RefreshJournalException e) {
            LOG.warn(
                    "The journal could not be read for tenant {}; the run takes the tenant anyway",
                    tenant,
                    ProgramFault.loggable(e));
            return Optional.empty();
        }
    }

    /** The same every night and on every JVM, and evenly distributed for any ids (R32). */
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
}
