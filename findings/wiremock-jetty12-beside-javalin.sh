#!/usr/bin/env bash
# wiremock-jetty12 3.13.2 beside Javalin 7.2.3: Maven takes Jetty 12.0 and 12.1 jar by jar, so the order of two lines in a POM
# decides. Javalin first: neither starts. WireMock first: both do. With wiremock-standalone (Jetty inside, under another
# name) the order does not matter.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

program() {
  cat > Main.java <<'JAVA'
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.javalin.Javalin;

public class Main {
    public static void main(String[] args) {
        start("WireMock", () -> new WireMockServer(WireMockConfiguration.options().dynamicPort()).start());
        start("Javalin", () -> Javalin.create().start(0));
        System.exit(0);
    }

    private static void start(String what, Runnable server) {
        try {
            server.run();
            System.out.println(what + " started");
        } catch (Throwable e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            System.out.println(what + " did not start: " + cause.getClass().getName());
        }
    }
}
JAVA
}

workspace io.javalin:javalin:7.2.3 org.wiremock:wiremock-jetty12:3.13.2 org.slf4j:slf4j-nop:2.0.20
program
expect <<'SEEN'
WireMock did not start: java.lang.NoSuchMethodError
Javalin did not start: java.lang.ExceptionInInitializerError
SEEN

workspace org.wiremock:wiremock-jetty12:3.13.2 io.javalin:javalin:7.2.3 org.slf4j:slf4j-nop:2.0.20
program
expect <<'SEEN'
WireMock started
Javalin started
SEEN

workspace io.javalin:javalin:7.2.3 org.wiremock:wiremock-standalone:3.13.2 org.slf4j:slf4j-nop:2.0.20
program
expect <<'SEEN'
WireMock started
Javalin started
SEEN
