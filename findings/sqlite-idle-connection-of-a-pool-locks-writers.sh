#!/usr/bin/env bash
# sqlite-jdbc 3.54.1.0 in a HikariCP 7.1.0 pool with autoCommit=false and transaction_mode=IMMEDIATE: the driver begins the
# next transaction right after each commit, so a connection that lies idle in the pool holds the write lock, and
# whoever writes on another connection gets SQLITE_BUSY. With auto-commit nothing is held.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
workspace org.xerial:sqlite-jdbc:3.54.1.0 com.zaxxer:HikariCP:7.1.0 org.slf4j:slf4j-nop:2.0.20

cat > Main.java <<'JAVA'
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

public class Main {
    public static void main(String[] args) throws Exception {
        for (boolean autoCommit : new boolean[] {false, true}) {
            String url = "jdbc:sqlite:" + Files.createTempDirectory(Path.of("."), "db").resolve("a.db")
                    + "?transaction_mode=IMMEDIATE&busy_timeout=50";
            try (Connection other = DriverManager.getConnection(url)) {
                execute(other, "create table t (n integer)");
                HikariConfig config = new HikariConfig();
                config.setJdbcUrl(url);
                config.setAutoCommit(autoCommit);
                config.setMaximumPoolSize(1);
                try (HikariDataSource pool = new HikariDataSource(config)) {
                    try (Connection borrowed = pool.getConnection()) {
                        execute(borrowed, "insert into t values (1)");
                        if (!autoCommit) {
                            borrowed.commit();
                        }
                    }
                    // Committed, and given back to the pool.
                    String seen = "done";
                    try {
                        execute(other, "insert into t values (2)");
                    } catch (SQLException e) {
                        seen = "SQLITE_BUSY (" + e.getErrorCode() + ")";
                    }
                    System.out.println("pool with autoCommit=" + autoCommit + ", connections in use "
                            + pool.getHikariPoolMXBean().getActiveConnections() + ": another's write is " + seen);
                }
            }
        }
        System.exit(0);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
JAVA

expect <<'SEEN'
pool with autoCommit=false, connections in use 0: another's write is SQLITE_BUSY (5)
pool with autoCommit=true, connections in use 0: another's write is done
SEEN
