package dev.cpv.examples.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * An empty database for each test class, or for each test if the field is not static, on a real PostgreSQL that is started once and
 * ends with the tests.
 */
public final class TestDatabase implements BeforeAllCallback, BeforeEachCallback {
    private String url = "";

    @Override
    public void beforeAll(ExtensionContext context) throws SQLException {
        create(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws SQLException {
        if (url.isEmpty()) {
            create(context);
        }
    }

    private void create(ExtensionContext context) throws SQLException {
        Server server = context.getRoot()
                .getStore(Namespace.create(TestDatabase.class))
                .computeIfAbsent(Server.class, key -> Server.start(), Server.class);
        url = server.newDatabase();
    }

    /** The URL, for other processes. */
    public String url() {
        return url;
    }

    /** A source that opens a new connection each time. */
    public DataSource source() {
        return source(url);
    }

    static DataSource source(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    private record Server(EmbeddedPostgres postgres) implements AutoCloseable {
        static Server start() {
            try {
                return new Server(EmbeddedPostgres.builder()
                        // Not in the directory for temporary files: another account may have unpacked its own there.
                        .setOverrideWorkingDirectory(
                                Path.of("target", "postgresql").toFile())
                        .setServerConfig("max_connections", "200")
                        .start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String newDatabase() throws SQLException {
            String name = "test_" + UUID.randomUUID().toString().replace('-', '_');
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + name);
            }
            return postgres.getJdbcUrl("postgres", name);
        }

        @Override
        public void close() throws IOException {
            postgres.close();
        }
    }
}
