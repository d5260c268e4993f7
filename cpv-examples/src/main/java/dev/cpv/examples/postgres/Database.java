package dev.cpv.examples.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.function.BiFunction;
import javax.sql.DataSource;

/** Runs single statements over a source of connections; each is a transaction of its own. */
final class Database {
    private final DataSource source;
    private final BiFunction<String, SQLException, RuntimeException> failure;

    /**
     * Creates it.
     *
     * @param source gives connections, with or without automatic commit
     * @param failure makes the exception to be thrown, of what is wrong and its cause
     */
    Database(DataSource source, BiFunction<String, SQLException, RuntimeException> failure) {
        this.source = source;
        this.failure = failure;
    }

    /**
     * Runs a statement. An interrupt makes pools give up waiting, and ends the connections of virtual threads: the statement is
     * then run anew, and the interrupt left for whoever asks. So it may run twice, if its answer was lost.
     */
    <T> T run(String sql, Work<T> work) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return runOnce(sql, work);
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

    /** Runs a script that creates what is not there yet. Of many who do so at once, one works and the others wait. */
    void create(String resource) {
        String script = text(resource);
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

    private static void unlock(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_unlock_all()");
        }
    }

    private static String text(String resource) {
        try (InputStream in = Database.class.getResourceAsStream(resource)) {
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

    /** What is done with a statement. */
    @FunctionalInterface
    interface Work<T> {
        /** Sets the parameters, runs the statement, and reads the answer. */
        T run(PreparedStatement statement) throws SQLException;
    }
}
