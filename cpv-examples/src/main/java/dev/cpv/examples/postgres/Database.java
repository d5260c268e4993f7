package dev.cpv.examples.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Runs single statements on connections of a data source, each in its own transaction. Thread-safe. */
public final class Database {
    private final DataSource source;
    private final BiFunction<String, SQLException, RuntimeException> failure;

    /**
     * Creates it.
     *
     * @param source provides connections, with or without automatic commit
     * @param failure creates the exception to throw, from a description and the cause
     */
    public Database(DataSource source, BiFunction<String, SQLException, RuntimeException> failure) {
        this.source = source;
        this.failure = failure;
    }

    /**
     * Runs a statement. On an interrupt, pools stop waiting and virtual threads close their connections: the statement then runs again,
     * and the thread's interrupt flag is set for the caller. So a statement whose answer was lost may run twice.
     *
     * @param <T> the type of the result
     * @param sql the statement
     * @param work is given the statement
     * @return the result of the work
     */
    public <T> T run(String sql, Work<T> work) {
        return uninterrupted(() -> runOnce(sql, work));
    }

    private <T> T uninterrupted(Call<T> call) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return call.run();
                } catch (SQLException e) {
                    if (!Thread.interrupted()) {
                        throw failure.apply(String.valueOf(e.getMessage()), e);
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T> T runOnce(String sql, Work<T> work) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            T answer = work.run(statement);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return answer;
        }
    }

    /**
     * Runs a script that creates what does not exist yet. If several processes do so at the same time, one works and the others wait.
     *
     * @param owner the class in whose package the script is
     * @param resource the name of the script
     */
    public void create(Class<?> owner, String resource) {
        String script = text(owner, resource);
        run("select pg_advisory_lock(?)", locked -> {
            locked.setLong(1, Database.class.getName().hashCode());
            locked.execute();
            try (Statement statement = locked.getConnection().createStatement()) {
                statement.execute(script);
                return true;
            } finally {
                unlock(locked.getConnection());
            }
        });
    }

    /**
     * Takes a lock if it is free. The lock belongs to a connection that is held until the lock is released, or the process ends.
     *
     * @param key identifies the lock in this database
     * @return a handle that releases the lock once; empty while another session holds it
     */
    public Optional<Runnable> tryLock(long key) {
        return uninterrupted(() -> {
            Connection connection = source.getConnection();
            boolean locked = false;
            try {
                locked = isLocked(connection, key);
            } finally {
                if (!locked) {
                    connection.close();
                }
            }
            AtomicReference<@Nullable Connection> held = new AtomicReference<>(connection);
            return locked ? Optional.of(() -> release(held)) : Optional.empty();
        });
    }

    private static boolean isLocked(Connection connection, long key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            statement.setLong(1, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } finally {
            if (!connection.getAutoCommit()) {
                connection.commit(); // The lock outlives the transaction, which must not stay open for so long.
            }
        }
    }

    private void release(AtomicReference<@Nullable Connection> held) {
        Connection connection = held.getAndSet(null);
        if (connection == null) {
            return;
        }
        try (connection) {
            unlock(connection);
        } catch (SQLException e) {
            throw failure.apply(String.valueOf(e.getMessage()), e);
        }
    }

    private static void unlock(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_unlock_all()");
        }
    }

    private static String text(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("No resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Seconds since 1970 with nine decimals; PostgreSQL's own timestamps end at microseconds. */
    static BigDecimal seconds(Instant instant) {
        return BigDecimal.valueOf(instant.getEpochSecond()).add(BigDecimal.valueOf(instant.getNano(), 9));
    }

    /** The reverse of {@link #seconds}. */
    static Instant instant(BigDecimal seconds) {
        return Instant.EPOCH
                .plusSeconds(seconds.toBigInteger().longValueExact())
                .plusNanos(seconds.remainder(BigDecimal.ONE).movePointRight(9).longValueExact());
    }

    @FunctionalInterface
    private interface Call<T> {
        T run() throws SQLException;
    }

    /**
     * The use of a statement.
     *
     * @param <T> the type of the result
     */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Sets the parameters, runs the statement, and reads the result.
         *
         * @param statement the statement
         * @return the result
         * @throws SQLException if the database fails
         */
        T run(PreparedStatement statement) throws SQLException;
    }
}
