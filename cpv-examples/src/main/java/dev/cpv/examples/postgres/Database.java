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

/** Runs single statements over a source of connections; each is a transaction of its own. Thread-safe. */
public final class Database {
    private final DataSource source;
    private final BiFunction<String, SQLException, RuntimeException> failure;

    /**
     * Creates it.
     *
     * @param source gives connections, with or without automatic commit
     * @param failure makes the exception to be thrown, of what is wrong and its cause
     */
    public Database(DataSource source, BiFunction<String, SQLException, RuntimeException> failure) {
        this.source = source;
        this.failure = failure;
    }

    /**
     * Runs a statement. An interrupt makes pools give up waiting, and ends the connections of virtual threads: the statement is
     * then run anew, and the interrupt left for whoever asks. So it may run twice, if its answer was lost.
     *
     * @param <T> what the statement answers
     * @param sql the statement
     * @param work is done with the statement
     * @return what the work gave
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
     * Runs a script that creates what is not there yet. Of many who do so at once, one works and the others wait.
     *
     * @param owner the class beside which the script lies
     * @param resource the script's name
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
     * Takes a lock if it is free. It belongs to a connection, which is held until then: when the process ends, so does the lock.
     *
     * @param key names the lock in this database
     * @return what gives the lock back, once; empty while somebody else has it
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
                connection.commit(); // The lock outlasts the transaction, which must not be open for so long.
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

    /** Seconds since 1970, to the nanosecond; PostgreSQL's own timestamps end at microseconds. */
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
     * What is done with a statement.
     *
     * @param <T> what the statement answers
     */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Sets the parameters, runs the statement, and reads the answer.
         *
         * @param statement the statement
         * @return the answer
         * @throws SQLException if the database fails
         */
        T run(PreparedStatement statement) throws SQLException;
    }
}
