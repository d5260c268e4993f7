package dev.cpv.examples.postgres;

import dev.cpv.model.TenantId;
import dev.cpv.spi.AcceptedTenantList;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.RunLock;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantRule;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Exclusions, the last list and the last run in PostgreSQL (R30, R31, R32), for any number of machines. Each call is one statement. A
 * run holds a connection until its end, because runs must not overlap.
 * Thread-safe. Blocks for the database, and throws {@link RefreshJournalException} if it fails.
 */
public final class JdbcFleetStore implements FleetStore {
    /** The name of the lock that a run holds: a database has one run at a time. */
    private static final long RUNNING = 0x637076_72756eL;

    private final Database database;

    private JdbcFleetStore(Database database) {
        this.database = database;
    }

    /**
     * Opens the store and creates its tables {@code cpv_fleet} and {@code cpv_tenant_rule} if they do not exist.
     *
     * @param source provides connections to the database
     * @return the store
     * @throws RefreshJournalException if the database cannot be used
     */
    public static JdbcFleetStore open(DataSource source) {
        Database database = new Database(
                source, (what, cause) -> new RefreshJournalException("The fleet's database failed: " + what, cause));
        database.create(JdbcFleetStore.class, "fleet.sql");
        return new JdbcFleetStore(database);
    }

    // Tenant list and run

    @Override
    public Optional<AcceptedTenantList> acceptedList() {
        return first(
                "select roster_accepted, roster from cpv_fleet where roster is not null",
                statement -> {},
                row -> AcceptedTenantList.of(
                        instant(row, "roster_accepted"),
                        Stream.of((UUID[]) row.getArray("roster").getArray())
                                .map(TenantId::new)
                                .toList()));
    }

    @Override
    public void save(AcceptedTenantList list) {
        update("""
                insert into cpv_fleet (roster_accepted, roster) values (?, ?) on conflict (only_row) do update set
                  roster_accepted = excluded.roster_accepted, roster = excluded.roster
                """, statement -> {
            statement.setBigDecimal(1, Database.seconds(list.accepted()));
            statement.setArray(
                    2,
                    statement
                            .getConnection()
                            .createArrayOf(
                                    "uuid",
                                    list.tenants().stream().map(TenantId::value).toArray()));
        });
    }

    @Override
    public Optional<RunRecord> lastRun() {
        return first(
                "select run_id, run_started, run_state, run_ended from cpv_fleet where run_id is not null",
                statement -> {},
                row -> new RunRecord(
                        row.getObject("run_id", UUID.class),
                        instant(row, "run_started"),
                        RunRecord.State.valueOf(row.getString("run_state")),
                        time(row, "run_ended")));
    }

    @Override
    public void save(RunRecord run) {
        update("""
                insert into cpv_fleet (run_id, run_started, run_state, run_ended) values (?, ?, ?, ?)
                on conflict (only_row) do update set run_id = excluded.run_id, run_started = excluded.run_started,
                  run_state = excluded.run_state, run_ended = excluded.run_ended
                """, statement -> {
            statement.setObject(1, run.id());
            statement.setBigDecimal(2, Database.seconds(run.started()));
            statement.setString(3, run.state().name());
            statement.setBigDecimal(4, secondsOrNull(run.ended()));
        });
    }

    @Override
    public Optional<RunLock> tryLock() {
        return database.tryLock(RUNNING).map(unlock -> unlock::run);
    }

    // Rules

    @Override
    public List<TenantRule> rules() {
        return all("select * from cpv_tenant_rule order by tenant_id", statement -> {}, JdbcFleetStore::rule);
    }

    @Override
    public Optional<TenantRule> findRule(TenantId tenant) {
        return first(
                "select * from cpv_tenant_rule where tenant_id = ?",
                statement -> statement.setObject(1, tenant.value()),
                JdbcFleetStore::rule);
    }

    @Override
    public void save(TenantRule rule) {
        update("""
                insert into cpv_tenant_rule (tenant_id, kind, reason, author, since, rule_until) values (?, ?, ?, ?, ?, ?)
                on conflict (tenant_id) do update set kind = excluded.kind, reason = excluded.reason,
                  author = excluded.author, since = excluded.since, rule_until = excluded.rule_until
                """, statement -> {
            statement.setObject(1, rule.tenant().value());
            statement.setString(2, rule.kind().name());
            statement.setString(3, rule.reason());
            statement.setString(4, rule.author());
            statement.setBigDecimal(5, Database.seconds(rule.since()));
            statement.setBigDecimal(6, secondsOrNull(rule.until()));
        });
    }

    @Override
    public void removeRule(TenantId tenant) {
        update("delete from cpv_tenant_rule where tenant_id = ?", statement -> statement.setObject(1, tenant.value()));
    }

    private static TenantRule rule(ResultSet row) throws SQLException {
        return new TenantRule(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                TenantRule.Kind.valueOf(row.getString("kind")),
                row.getString("reason"),
                row.getString("author"),
                instant(row, "since"),
                time(row, "rule_until"));
    }

    // Statements

    private void update(String sql, Parameters parameters) {
        database.run(sql, statement -> {
            parameters.set(statement);
            return statement.executeUpdate();
        });
    }

    private <T> Optional<T> first(String sql, Parameters parameters, Row<T> reader) {
        return all(sql, parameters, reader).stream().findFirst();
    }

    private <T> List<T> all(String sql, Parameters parameters, Row<T> reader) {
        try {
            return database.run(sql, statement -> {
                parameters.set(statement);
                List<T> rows = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        rows.add(reader.read(row));
                    }
                }
                return rows;
            });
        } catch (IllegalArgumentException e) {
            throw new RefreshJournalException(
                    "The fleet's state is not readable, possibly because a newer cpv wrote it: " + e.getMessage(), e);
        }
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Database.instant(row.getBigDecimal(column));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        @Nullable BigDecimal seconds = row.getBigDecimal(column);
        return Optional.ofNullable(seconds).map(Database::instant);
    }

    private static @Nullable BigDecimal secondsOrNull(Optional<Instant> time) {
        return time.map(Database::seconds).orElse(null);
    }

    @FunctionalInterface
    private interface Parameters {
        void set(PreparedStatement statement) throws SQLException;
    }

    @FunctionalInterface
    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }
}
