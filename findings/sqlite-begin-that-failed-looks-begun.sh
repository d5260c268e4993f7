#!/usr/bin/env bash
# sqlite-jdbc 3.54.1.0: setAutoCommit(false) that fails (the database is locked) leaves getAutoCommit() false without a
# transaction: a second setAutoCommit(false) passes and begins nothing, later writes are committed one by one, and
# rollback() takes nothing back.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
workspace org.xerial:sqlite-jdbc:3.54.1.0 org.slf4j:slf4j-nop:2.0.20

cat > Main.java <<'JAVA'
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

public class Main {
    public static void main(String[] args) throws Exception {
        String url = "jdbc:sqlite:" + Files.createTempDirectory(java.nio.file.Path.of("."), "db").resolve("a.db");
        Properties immediate = new Properties();
        immediate.setProperty("transaction_mode", "IMMEDIATE");
        immediate.setProperty("busy_timeout", "50");
        try (Connection first = DriverManager.getConnection(url, immediate);
                Connection second = DriverManager.getConnection(url, immediate)) {
            execute(first, "create table t (n integer)");
            first.setAutoCommit(false); // Holds the write lock from here on.
            try {
                second.setAutoCommit(false);
                System.out.println("begun");
            } catch (SQLException e) {
                System.out.println("begin failed with code " + e.getErrorCode() + ", getAutoCommit: " + second.getAutoCommit());
            }
            first.rollback();
            first.setAutoCommit(true);
            second.setAutoCommit(false);
            System.out.println("second try: no exception");
            execute(second, "insert into t values (1)");
            try {
                second.rollback();
                System.out.println("rollback: no exception");
            } catch (SQLException e) {
                System.out.println("rollback failed with code " + e.getErrorCode());
            }
            try (var rows = first.createStatement().executeQuery("select count(*) from t")) {
                System.out.println("rows that another connection sees after the rollback: " + rows.getInt(1));
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
JAVA

expect <<'SEEN'
begin failed with code 5, getAutoCommit: false
second try: no exception
rollback failed with code 1
rows that another connection sees after the rollback: 1
SEEN
