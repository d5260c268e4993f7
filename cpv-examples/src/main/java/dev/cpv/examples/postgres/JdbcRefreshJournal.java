package dev.cpv.examples.postgres;

import dev.cpv.model.AppId;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.ResetRecord.Phase;
import dev.cpv.spi.TenantRecord;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A journal in PostgreSQL, for any number of machines. It has one row for each tenant, and each rule of the port is one atomic statement.
 * Time comes only from the callers' clocks.
 *
 * <p>Thread-safe. Blocks for the database and uses a connection only during a call; a pool saves the time to open one. Connections
 * need a timeout of their own ({@code connectTimeout}, {@code socketTimeout}), and "read committed", PostgreSQL's default isolation.
 * {@link RefreshJournalException} reports a database that cannot be reached, or a row that this version of cpv cannot read.
 */
public final class JdbcRefreshJournal implements RefreshJournal {
    private static final String ACQUIRE = """
            insert into cpv_journal as kept (fencing, tenant_id, lease_owner, lease_until) values (?, ?, ?, ?)
            on conflict (tenant_id) do update set
              fencing = greatest(kept.fencing + 1, excluded.fencing),
              lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
            where kept.lease_until is null or kept.lease_until <= ?
            returning fencing
            """;
    private static final String RENEW = """
            update cpv_journal set lease_until = ?
            where tenant_id = ? and fencing = ? and lease_until is not null
            """;
    private static final String RELEASE = """
            update cpv_journal set lease_owner = null, lease_until = null where tenant_id = ? and fencing = ?
            """;
    private static final String SAVE = """
            insert into cpv_journal as kept (tenant_id, fencing, last_attempt, last_outcome, required_fingerprint, actor, reason,
              not_creatable, not_creatable_found, last_failure, failures_in_a_row) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (tenant_id) do update set fencing = excluded.fencing,
              last_attempt = excluded.last_attempt, last_outcome = excluded.last_outcome,
              required_fingerprint = excluded.required_fingerprint, actor = excluded.actor, reason = excluded.reason,
              not_creatable = excluded.not_creatable, not_creatable_found = excluded.not_creatable_found,
              last_failure = excluded.last_failure, failures_in_a_row = excluded.failures_in_a_row
            where kept.fencing <= excluded.fencing
            """;
    private static final String SAVE_RESET = """
            insert into cpv_journal as kept (tenant_id, fencing, reset, reset_phase) values (?, ?, ?::json, ?)
            on conflict (tenant_id) do update set fencing = excluded.fencing, reset_phase = excluded.reset_phase,
              reset = case when kept.reset_phase = any (?) then kept.reset else excluded.reset end
            where kept.fencing <= excluded.fencing
            """;

    /** A row that must not be forgotten is kept; an unknown phase, which a newer cpv wrote, may be an open one. */
    private static final String FORGET = """
            with forgotten as (
              delete from cpv_journal where tenant_id = ? and (lease_until is null or lease_until <= ?)
                and (reset_phase is null or reset_phase = any (?))
              returning tenant_id)
            select exists (select from forgotten) or not exists (select from cpv_journal where tenant_id = ?)
            """;

    private final Database database;

    private JdbcRefreshJournal(Database database) {
        this.database = database;
    }

    /**
     * Opens the journal and creates its table {@code cpv_journal} if it does not exist.
     *
     * @param source provides connections to the database
     * @return the journal
     * @throws RefreshJournalException if the database cannot be used
     */
    public static JdbcRefreshJournal open(DataSource source) {
        Database database = new Database(
                source, (what, cause) -> new RefreshJournalException("The journal's database failed: " + what, cause));
        database.create(JdbcRefreshJournal.class, "journal.sql");
        return new JdbcRefreshJournal(database);
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    // Leases

    @Override
    public Optional<Lease> acquire(TenantId tenant, String owner, Instant now, Duration duration) {
        Lease wanted = new Lease(tenant, owner, now.plus(positive(duration)), first(now));
        return database.run(ACQUIRE, statement -> {
            statement.setLong(1, wanted.fencing());
            statement.setObject(2, tenant.value());
            statement.setString(3, owner);
            statement.setBigDecimal(4, Database.seconds(wanted.until()));
            statement.setBigDecimal(5, Database.seconds(now));
            return found(statement, row -> new Lease(tenant, owner, wanted.until(), row.getLong("fencing")));
        });
    }

    /** The numbers start at the clock, so that they keep growing even if the table was lost. */
    private static long first(Instant now) {
        return Math.max(1, now.toEpochMilli());
    }

    @Override
    public Optional<Lease> renew(Lease lease, Instant now, Duration duration) {
        Lease renewed = new Lease(lease.tenant(), lease.owner(), now.plus(positive(duration)), lease.fencing());
        return database.run(RENEW, statement -> {
            statement.setBigDecimal(1, Database.seconds(renewed.until()));
            statement.setObject(2, lease.tenant().value());
            statement.setLong(3, lease.fencing());
            return statement.executeUpdate() == 1 ? Optional.of(renewed) : Optional.empty();
        });
    }

    @Override
    public void release(Lease lease) {
        database.run(RELEASE, statement -> {
            statement.setObject(1, lease.tenant().value());
            statement.setLong(2, lease.fencing());
            return statement.executeUpdate();
        });
    }

    @Override
    public Optional<Lease> lease(TenantId tenant) {
        return select("fencing, lease_owner, lease_until", "lease_until", tenant, row -> lease(tenant, row));
    }

    private static Lease lease(TenantId tenant, ResultSet row) throws SQLException {
        return new Lease(tenant, row.getString("lease_owner"), instant(row, "lease_until"), row.getLong("fencing"));
    }

    private static Duration positive(Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("duration must be more than zero: " + duration);
        }
        return duration;
    }

    // Records

    @Override
    public Optional<TenantRecord> find(TenantId tenant) {
        return select("*", "last_attempt", tenant, row -> record(tenant, row));
    }

    private static TenantRecord record(TenantId tenant, ResultSet row) throws SQLException {
        return new TenantRecord(
                tenant,
                instant(row, "last_attempt"),
                RefreshOutcome.valueOf(row.getString("last_outcome")),
                row.getString("required_fingerprint"),
                text(row, "actor"),
                text(row, "reason"),
                notCreatable(row),
                text(row, "last_failure").map(FailureCode::valueOf),
                row.getInt("failures_in_a_row"));
    }

    private static Map<AppId, Instant> notCreatable(ResultSet row) throws SQLException {
        UUID[] resources = (UUID[]) row.getArray("not_creatable").getArray();
        BigDecimal[] times = (BigDecimal[]) row.getArray("not_creatable_found").getArray();
        Map<AppId, Instant> notCreatable = new HashMap<>();
        for (int i = 0; i < resources.length; i++) {
            notCreatable.put(new AppId(resources[i]), Database.instant(times[i]));
        }
        return notCreatable;
    }

    @Override
    public boolean save(TenantRecord record, Lease lease) {
        requireSame(record.tenant(), lease);
        List<Map.Entry<AppId, Instant>> notCreatable =
                List.copyOf(record.notCreatable().entrySet());
        return database.run(SAVE, statement -> {
            statement.setObject(1, lease.tenant().value());
            statement.setLong(2, lease.fencing());
            statement.setBigDecimal(3, Database.seconds(record.lastAttempt()));
            statement.setString(4, record.lastOutcome().name());
            statement.setString(5, record.requiredFingerprint());
            statement.setString(6, orNull(record.actor()));
            statement.setString(7, orNull(record.reason()));
            statement.setArray(
                    8,
                    array(
                            statement,
                            "uuid",
                            notCreatable.stream().map(each -> each.getKey().value())));
            statement.setArray(
                    9,
                    array(statement, "numeric", notCreatable.stream().map(each -> Database.seconds(each.getValue()))));
            statement.setString(10, orNull(record.lastFailure().map(FailureCode::name)));
            statement.setInt(11, record.failuresInARow());
            return statement.executeUpdate() == 1;
        });
    }

    // Resets

    @Override
    public Optional<ResetRecord> findReset(TenantId tenant) {
        return select(
                "reset, reset_phase",
                "reset",
                tenant,
                row -> ResetRecord.fromJson(row.getString("reset")).in(Phase.valueOf(row.getString("reset_phase"))));
    }

    @Override
    public boolean saveReset(ResetRecord reset, Lease lease) {
        requireSame(reset.snapshot().tenant(), lease);
        return database.run(SAVE_RESET, statement -> {
            statement.setObject(1, lease.tenant().value());
            statement.setLong(2, lease.fencing());
            statement.setString(3, reset.toJson());
            statement.setString(4, reset.phase().name());
            statement.setArray(5, phases(statement, Phase::isOpen));
            return statement.executeUpdate() == 1;
        });
    }

    private static Array phases(PreparedStatement statement, Predicate<Phase> which) throws SQLException {
        return array(statement, "text", Stream.of(Phase.values()).filter(which).map(Phase::name));
    }

    @Override
    public boolean forget(TenantId tenant, Instant now) {
        return database.run(FORGET, statement -> {
            statement.setObject(1, tenant.value());
            statement.setBigDecimal(2, Database.seconds(now));
            statement.setArray(3, phases(statement, phase -> !phase.isOpen()));
            statement.setObject(4, tenant.value());
            return found(statement, row -> row.getBoolean(1)).orElse(false);
        });
    }

    private static void requireSame(TenantId tenant, Lease lease) {
        if (!tenant.equals(lease.tenant())) {
            throw new IllegalArgumentException(
                    "The record is of tenant " + tenant + ", the lease of tenant " + lease.tenant());
        }
    }

    // Rows

    private <T> Optional<T> select(String columns, String present, TenantId tenant, Row<T> reader) {
        String sql = "select " + columns + " from cpv_journal where tenant_id = ? and " + present + " is not null";
        try {
            return database.run(sql, statement -> {
                statement.setObject(1, tenant.value());
                return found(statement, reader);
            });
        } catch (IllegalArgumentException e) {
            throw new RefreshJournalException(
                    "The journal's row of tenant " + tenant
                            + " is not readable, possibly because a newer cpv wrote it: " + e.getMessage(),
                    e);
        }
    }

    private static <T> Optional<T> found(PreparedStatement statement, Row<T> reader) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(reader.read(row)) : Optional.empty();
        }
    }

    private static Array array(PreparedStatement statement, String type, Stream<?> values) throws SQLException {
        return statement.getConnection().createArrayOf(type, values.toArray());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Database.instant(row.getBigDecimal(column));
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        @Nullable String text = row.getString(column);
        return Optional.ofNullable(text);
    }

    private static @Nullable String orNull(Optional<String> text) {
        return text.orElse(null);
    }

    @FunctionalInterface
    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }
}
