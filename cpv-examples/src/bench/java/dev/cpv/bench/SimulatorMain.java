package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.PartnerCredentials;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.WireJournal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One or more simulators in a process: each input line is a command, each output line its answer, both JSON. */
final class SimulatorMain {
    private static final int THREADS = 64;
    /** The number of unrelated service principals in a tenant of some size. */
    private static final int SERVICE_PRINCIPALS = 60;

    private final MicrosoftSimulator simulator;
    private final String manifest;
    private final boolean throttling;
    private int customers;

    private SimulatorMain(Duration latency, boolean throttling, int journal) {
        this.throttling = throttling;
        manifest = Fixture.manifest().toString();
        simulator = MicrosoftSimulator.builder()
                .latency(latency)
                .journalCapacity(journal)
                .workerThreads(THREADS)
                .contractValidation(false)
                .build();
        simulator.partner().behaviour().throttling(throttling);
        simulator.partnerBehaviour().requestsPerSecond(throttling ? 50 : 0);
    }

    /**
     * Answers until the input ends.
     *
     * @param args none
     */
    public static void main(String[] args) throws IOException {
        List<SimulatorMain> simulators = new ArrayList<>();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode command = Fixture.JSON.readTree(line);
            if (command.path("do").asText().equals("start")) {
                simulators.add(new SimulatorMain(
                        Duration.ofMillis(command.path("latency").asLong()),
                        command.path("throttling").asBoolean(),
                        command.path("journal").asInt()));
            }
            out.println(simulators.get(command.path("simulator").asInt()).answer(command));
        }
        Runtime.getRuntime().halt(0);
    }

    /** The addresses and the credentials. */
    private JsonNode hello() throws IOException {
        PartnerCredentials credentials = simulator.credentials();
        JsonNode parsed = Fixture.JSON.readTree(manifest);
        ObjectNode hello = Fixture.JSON
                .createObjectNode()
                .put("login", simulator.loginUrl())
                .put("partnerCenter", simulator.partnerCenterUrl())
                .put("graph", simulator.graphUrl())
                .put("partner", credentials.partnerTenantId())
                .put("client", credentials.clientId())
                .put("secret", credentials.clientSecret())
                .put("refreshToken", credentials.refreshToken());
        hello.set("manifest", parsed);
        hello.set("wanted", Fixture.wanted(parsed, simulator));
        return hello;
    }

    private JsonNode answer(JsonNode command) throws IOException {
        return switch (command.path("do").asText()) {
            case "start" -> hello();
            case "add" ->
                add(
                        Simulator.State.valueOf(command.path("state").asText()),
                        command.path("count").asInt());
            case "counts" -> counts();
            case "sent" -> sent();
            case "complete" -> Fixture.JSON.getNodeFactory().numberNode(complete(command.path("tenants")));
            default -> throw new IllegalArgumentException(command.toString());
        };
    }

    private ArrayNode add(Simulator.State state, int count) {
        ArrayNode ids = Fixture.JSON.createArrayNode();
        for (int i = 0; i < count; i++) {
            SimulatedTenant tenant = simulator.addCustomer("Customer " + ++customers);
            tenant.behaviour().throttling(throttling);
            switch (state) {
                case NEW -> furnish(tenant);
                case STEADY -> furnish(tenant).granted(manifest);
                case SMALL_STEADY -> tenant.granted(manifest);
                case DRIFTED ->
                    furnish(tenant)
                            .granted(manifest)
                            .removeScopes("00000003-0000-0000-c000-000000000000", Set.of(Fixture.LOST_SCOPE));
            }
            ids.add(tenant.id());
        }
        return ids;
    }

    private static SimulatedTenant furnish(SimulatedTenant tenant) {
        return tenant.addServicePrincipals(
                SERVICE_PRINCIPALS - 1 - tenant.servicePrincipals().size());
    }

    /** Counts the requests since the last call. */
    private ObjectNode counts() {
        ObjectNode counts = Fixture.JSON.createObjectNode();
        int parts = 0;
        int writes = 0;
        int refused = 0;
        ObjectNode kinds = counts.putObject("kinds");
        for (WireJournal.Entry entry : simulator.journal().requests()) {
            String kind = entry.endpoint().name();
            kinds.put(kind, kinds.path(kind).asInt() + 1);
            refused += entry.status() == 429 ? 1 : 0;
            for (WireJournal.Part part : entry.parts()) {
                parts++;
                writes += part.write() ? 1 : 0;
                refused += part.status() == 429 ? 1 : 0;
            }
        }
        counts.put("requests", simulator.journal().requests().size());
        counts.put("parts", parts).put("writes", writes).put("refused", refused);
        simulator.journal().clear();
        return counts;
    }

    /** The requests since the last call in order, with the parts of batches. */
    private ArrayNode sent() {
        ArrayNode sent = Fixture.JSON.createArrayNode();
        for (WireJournal.Entry entry : simulator.journal().requests()) {
            ObjectNode request = sent.addObject()
                    .put("endpoint", entry.endpoint().name())
                    .put("tenant", String.valueOf(entry.tenantId()));
            ArrayNode parts = request.putArray("parts");
            entry.parts()
                    .forEach(part ->
                            parts.addObject().put("method", part.method()).put("url", part.url()));
        }
        simulator.journal().clear();
        return sent;
    }

    /** How many of some tenants have all permissions. */
    private int complete(JsonNode tenants) {
        int complete = 0;
        for (JsonNode id : tenants) {
            SimulatedTenant tenant = simulator.tenant(id.asText()).orElseThrow();
            String app = simulator.app().appId();
            boolean all = size(tenant.grantedAppRoles(app)) == Fixture.ROLES
                    && size(tenant.grantedScopes(app)) >= Fixture.SCOPES_IN_CUSTOMER;
            complete += all ? 1 : 0;
        }
        return complete;
    }

    private static int size(Map<String, Set<String>> byResource) {
        return byResource.values().stream().mapToInt(Collection::size).sum();
    }
}
