package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.PartnerCredentials;
import dev.cpv.graph.simulator.SimulatedCertificate;
import dev.cpv.graph.simulator.SimulatedTenant;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command line as a process, over https with a private certificate. */
class PackagedJarIT {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path directory = Path.of("");

    @Test
    void threeTenantsAreBroughtInSyncOverHttpsWithAPrivateCertificate() throws Exception {
        SimulatedCertificate certificate = SimulatedCertificate.selfSigned("localhost", Instant.now());
        certificate.writePkcs12(directory.resolve("server.p12"), PASSWORD);
        writeTrustStore(certificate);
        try (MicrosoftSimulator microsoft = MicrosoftSimulator.builder()
                .https(directory.resolve("server.p12"), PASSWORD)
                .build()) {
            SimulatedTenant inSync = microsoft.addCustomer("Alpha").granted(Fixtures.manifest());
            SimulatedTenant neverConsented = microsoft.addCustomer("Beta");
            SimulatedTenant nothingGranted = microsoft.addCustomer("Gamma").consented(SimulatedTenant.BOOTSTRAP_SCOPES);

            Map<String, String> outcomes = refresh(microsoft, 0, neverConsented.id(), nothingGranted.id(), inSync.id());

            assertThat(outcomes)
                    .containsOnly(
                            Map.entry(neverConsented.id(), "UPDATED 11"),
                            Map.entry(nothingGranted.id(), "UPDATED 11"),
                            Map.entry(inSync.id(), "UP_TO_DATE 11"));
            String app = microsoft.credentials().clientId();
            for (SimulatedTenant tenant : List.of(neverConsented, nothingGranted)) {
                assertThat(tenant.grantedAppRoles(app)).isEqualTo(inSync.grantedAppRoles(app));
                assertThat(tenant.grantedScopes(app)).isEqualTo(inSync.grantedScopes(app));
            }
            assertThat(refresh(microsoft, 0, neverConsented.id(), nothingGranted.id()))
                    .containsOnly(
                            Map.entry(neverConsented.id(), "UP_TO_DATE 11"),
                            Map.entry(nothingGranted.id(), "UP_TO_DATE 11"));
        }
    }

    /** Runs the process. Returns each tenant's outcome and the number of resources on which it has permissions. */
    private Map<String, String> refresh(MicrosoftSimulator microsoft, int expectedStatus, String... tenants)
            throws Exception {
        Path out = directory.resolve("out.jsonl");
        Path err = directory.resolve("err.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djavax.net.ssl.trustStore=" + directory.resolve("trust.p12"),
                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD,
                "-jar",
                Path.of("target", "cpv-examples.jar").toString(),
                "refresh",
                "--json"));
        command.addAll(List.of(tenants));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment(microsoft));
        Process process = builder.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as(Files.readString(err)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isEqualTo(expectedStatus);
        Map<String, String> outcomes = new HashMap<>();
        for (String line : Files.readAllLines(out)) {
            JsonNode result = new ObjectMapper().readTree(line);
            outcomes.put(
                    result.path("tenantId").asText(), result.path("outcome").asText() + " " + resourcesGranted(result));
        }
        return outcomes;
    }

    private static long resourcesGranted(JsonNode result) {
        List<String> resources = new ArrayList<>();
        for (JsonNode permission : result.path("permissions")) {
            if (permission.path("outcome").asText().endsWith("GRANTED")) {
                resources.add(permission.path("resourceAppId").asText());
            }
        }
        return resources.stream().distinct().count();
    }

    private Map<String, String> environment(MicrosoftSimulator microsoft) throws IOException {
        PartnerCredentials partner = microsoft.credentials();
        Path manifest = Files.writeString(directory.resolve("manifest.json"), Fixtures.manifest());
        return Map.ofEntries(
                Map.entry("CPV_PARTNER_TENANT_ID", partner.partnerTenantId()),
                Map.entry("CPV_CLIENT_ID", partner.clientId()),
                Map.entry("CPV_CLIENT_SECRET", partner.clientSecret()),
                Map.entry("CPV_REFRESH_TOKEN", partner.refreshToken()),
                Map.entry("CPV_MANIFEST", manifest.toString()),
                Map.entry("CPV_STATE_DIR", directory.resolve("state").toString()),
                Map.entry("CPV_LOGIN_URL", microsoft.loginUrl()),
                Map.entry("CPV_PARTNER_CENTER_URL", microsoft.partnerCenterUrl()),
                Map.entry("CPV_GRAPH_URL", microsoft.graphUrl()));
    }

    private void writeTrustStore(SimulatedCertificate certificate) throws IOException, GeneralSecurityException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("simulator", certificate.certificate());
        try (OutputStream out = Files.newOutputStream(directory.resolve("trust.p12"))) {
            trust.store(out, PASSWORD.toCharArray());
        }
    }
}
