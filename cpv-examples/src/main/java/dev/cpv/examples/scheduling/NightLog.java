package dev.cpv.examples.scheduling;

import dev.cpv.CpvResult;
import dev.cpv.examples.postgres.Database;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.TenantId;
import java.sql.ResultSet;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;

/** The outcome of each tenant in each night, for all nodes of a cluster. Thread-safe; blocks for the database. */
public final class NightLog {
    private final Database database;

    private NightLog(Database database) {
        this.database = database;
    }

    /**
     * Opens the log and creates the cluster's tables if they do not exist.
     *
     * @param source provides connections to the database
     * @return the log
     * @throws IllegalStateException if the database fails, here and later
     */
    public static NightLog open(DataSource source) {
        Database database = new Database(
                source, (what, cause) -> new IllegalStateException("The night's database failed: " + what, cause));
        database.create(NightLog.class, "cluster.sql");
        return new NightLog(database);
    }

    /**
     * Records the tenants to refresh.
     *
     * @param night the night
     * @param tenants the tenants
     * @return the tenants that are not done yet: all, unless the night was dispatched before
     */
    List<TenantId> begin(LocalDate night, Collection<TenantId> tenants) {
        database.run(
                "insert into cpv_night (night, tenant_id) select ?, unnest(?) on conflict do nothing", statement -> {
                    statement.setObject(1, night);
                    statement.setArray(
                            2,
                            statement
                                    .getConnection()
                                    .createArrayOf(
                                            "uuid",
                                            tenants.stream()
                                                    .map(TenantId::value)
                                                    .toArray()));
                    return statement.executeUpdate();
                });
        return database.run("select tenant_id from cpv_night where night = ? and not done", statement -> {
            statement.setObject(1, night);
            List<TenantId> pending = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    pending.add(new TenantId(row.getObject("tenant_id", UUID.class)));
                }
            }
            return pending;
        });
    }

    /** Returns the state of a tenant in a night. */
    State state(LocalDate night, TenantId tenant) {
        return database.run("""
                select done, attempts > 0 as begun, exists (select from cpv_night where night = ? and stops) as stopped
                from cpv_night where night = ? and tenant_id = ?
                """, statement -> {
            statement.setObject(1, night);
            statement.setObject(2, night);
            statement.setObject(3, tenant.value());
            try (ResultSet row = statement.executeQuery()) {
                boolean known = row.next();
                if (known && row.getBoolean("done")) {
                    return State.DONE;
                }
                if (known && row.getBoolean("stopped")) {
                    return State.STOPPED;
                }
                return known && row.getBoolean("begun") ? State.BEGUN : State.OPEN;
            }
        });
    }

    /** Records how a tenant's turn ended; the last one counts. A tenant that is done gets no other turn in this night. */
    void ended(LocalDate night, TenantId tenant, CpvResult result, boolean done, String node) {
        database.run("""
                update cpv_night set outcome = ?, failure = ?, message = ?, stops = ?, done = ?, node = ?, requests = ?,
                  attempts = attempts + 1
                where night = ? and tenant_id = ?
                """, statement -> {
            statement.setString(1, result.outcome().name());
            statement.setString(
                    2, result.failure().map(failure -> failure.code().name()).orElse(null));
            statement.setString(3, result.failure().map(CpvFailure::message).orElse(null));
            statement.setBoolean(4, Night.isPartnerWide(result));
            statement.setBoolean(5, done);
            statement.setString(6, node);
            statement.setInt(7, result.requests());
            statement.setObject(8, night);
            statement.setObject(9, tenant.value());
            return statement.executeUpdate();
        });
    }

    /**
     * Counts the outcomes of a night.
     *
     * @param night the night
     * @return the number of tenants for each outcome; {@code PENDING} are those whose turn has not ended
     */
    public Map<String, Long> report(LocalDate night) {
        return database.run("""
                select coalesce(outcome, 'PENDING') as outcome, count(*) as tenants from cpv_night where night = ? group by 1
                """, statement -> {
            statement.setObject(1, night);
            Map<String, Long> report = new TreeMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    report.put(row.getString("outcome"), row.getLong("tenants"));
                }
            }
            return report;
        });
    }

    /** The state of a tenant in a night. */
    enum State {
        /** It has had no turn yet. */
        OPEN,
        /** It had a turn and gets another one. */
        BEGUN,
        /** It had its turn. */
        DONE,
        /** Another tenant had a failure that would affect this one too (R28). */
        STOPPED
    }
}
