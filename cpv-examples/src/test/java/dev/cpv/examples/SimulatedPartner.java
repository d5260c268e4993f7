package dev.cpv.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.PartnerCredentials;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.journal.FileFleetStore;
import dev.cpv.spi.Sleeper;
import dev.cpv.testing.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A simulated partner, and the command line with an environment that points to it. */
final class SimulatedPartner implements AutoCloseable {
    final MicrosoftSimulator microsoft;
    final PartnerCredentials credentials;
    final Map<String, String> environment = new HashMap<>();
    boolean terminal;
    private final Path home;
    final Clock clock;
    private final Sleeper sleeper;
    private final BlockingQueue<Runnable> stops = new LinkedBlockingQueue<>();

    /** With a clock that moves only during waits. */
    SimulatedPartner(Path home) {
        this(home, new ManualClock(Instant.parse("2026-11-20T00:00:00Z")));
    }

    private SimulatedPartner(Path home, ManualClock time) {
        this(home, time, time, time);
    }

    /**
     * With any clocks.
     *
     * @param microsoftTime the clock of the services
     * @param clock the clock of the commands
     */
    SimulatedPartner(Path home, Clock microsoftTime, Clock clock, Sleeper sleeper) {
        this.home = home;
        this.clock = clock;
        this.sleeper = sleeper;
        microsoft = MicrosoftSimulator.builder()
                .clock(microsoftTime)
                .contractValidation(false)
                .build();
        credentials = microsoft.credentials();
        environment.put("CPV_PARTNER_TENANT_ID", credentials.partnerTenantId());
        environment.put("CPV_CLIENT_ID", credentials.clientId());
        environment.put("CPV_CLIENT_SECRET", credentials.clientSecret());
        environment.put("CPV_REFRESH_TOKEN", credentials.refreshToken());
        environment.put("CPV_MANIFEST", manifest(home).toString());
        environment.put("CPV_LOGIN_URL", microsoft.loginUrl());
        environment.put("CPV_PARTNER_CENTER_URL", microsoft.partnerCenterUrl());
        environment.put("CPV_GRAPH_URL", microsoft.graphUrl());
    }

    private static Path manifest(Path directory) {
        try {
            return Files.writeString(directory.resolve("manifest.json"), Fixtures.manifest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SimulatedTenant neverConsented(String name) {
        return microsoft.addCustomer(name);
    }

    SimulatedTenant nothingGranted(String name) {
        return microsoft.addCustomer(name).consented(SimulatedTenant.BOOTSTRAP_SCOPES);
    }

    SimulatedTenant inSync(String name) {
        return microsoft.addCustomer(name).granted(Fixtures.manifest());
    }

    /** Adds customers in sync, whose relationships are in effect. */
    List<SimulatedTenant> fleet(int tenants) {
        List<SimulatedTenant> fleet = IntStream.range(0, tenants)
                .mapToObj(i -> inSync("Customer " + i))
                .toList();
        later(Duration.ofHours(1));
        return fleet;
    }

    /** The fleet state that the commands remember. */
    FileFleetStore state() {
        return FileFleetStore.open(home.resolve(".cpv").resolve("fleet"));
    }

    Outcome cpv(String... args) {
        return cpvWithInput("", args);
    }

    Outcome cpvWithInput(String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Cpv.run(
                new Surroundings(
                        environment,
                        home,
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        terminal,
                        clock,
                        sleeper,
                        this::watch),
                args);
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private StopSignal.Watch watch(Runnable action) {
        stops.offer(action);
        return () -> stops.remove(action);
    }

    /** Does what Ctrl-C does to the command that is running or about to run. */
    void stopCommand() {
        try {
            stops.take().run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Moves the clock if it is manual. */
    void later(Duration time) {
        ((ManualClock) clock).advance(time);
    }

    /** The app roles and scopes that the application holds in a tenant, by resource, as one text each. */
    Set<String> holdings(SimulatedTenant tenant) {
        Set<String> all = new TreeSet<>();
        tenant.grantedAppRoles(credentials.clientId())
                .forEach((resource, roles) -> roles.forEach(role -> all.add(resource + " role " + role)));
        tenant.grantedScopes(credentials.clientId())
                .forEach((resource, scopes) -> scopes.forEach(scope -> all.add(resource + " scope " + scope)));
        return all;
    }

    /** The object id of the application's service principal. */
    String principal(SimulatedTenant tenant) {
        return tenant.servicePrincipal(credentials.clientId()).orElseThrow().id();
    }

    int requests() {
        return microsoft.journal().requests().size();
    }

    long writes(SimulatedTenant tenant) {
        return microsoft.journal().parts(tenant.id()).stream()
                .filter(part -> part.write())
                .count();
    }

    @Override
    public void close() {
        microsoft.close();
    }

    /** The result of a command. */
    record Outcome(int status, String out, String err) {
        private static final ObjectMapper JSON = new ObjectMapper();

        List<JsonNode> json() {
            return out.lines().map(Outcome::parse).toList();
        }

        JsonNode json(SimulatedTenant tenant) {
            return json().stream()
                    .filter(line -> line.path("tenantId").asText().equals(tenant.id()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("No line for " + tenant + " in " + out));
        }

        private static JsonNode parse(String line) {
            try {
                return JSON.readTree(line);
            } catch (IOException e) {
                throw new UncheckedIOException("No JSON: " + line, e);
            }
        }

        /** The tenants of each outcome. */
        Map<String, List<String>> byOutcome() {
            return json().stream()
                    .collect(Collectors.groupingBy(
                            line -> line.path("outcome").asText(),
                            Collectors.mapping(line -> line.path("tenantId").asText(), Collectors.toList())));
        }

        String outcome(SimulatedTenant tenant) {
            return json(tenant).path("outcome").asText();
        }
    }
}
