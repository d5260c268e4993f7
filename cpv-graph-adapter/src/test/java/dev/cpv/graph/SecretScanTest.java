package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.FaultPlan;
import dev.cpv.graph.simulator.PartnerCredentials;
import dev.cpv.graph.simulator.SimulatedCertificate;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.WireRequest;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.testing.RecordingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * R23: whatever the services say, even if they say back what they were told, no secret gets into anything that a person or a
 * program may read: logs of all levels, exceptions, JFR events, JSON, the journal, or the text of any object.
 */
class SecretScanTest extends OverTheWire {
    private static final Pattern FORM = Pattern.compile("(client_secret|refresh_token|client_assertion)=([^&]+)");
    private static final String PASSWORD = "only~for~this~test~1f3a";
    private static final String WRONG_SECRET = "not~the~secret~of~this~app~" + "5d1c8e27";

    /** Answers that say back a secret, by the way they do it; {@code %s} is the secret. */
    private static final Map<String, List<String>> ECHOES = Map.of(
            "application/json",
            List.of(
                    "{\"error\":\"invalid_request\",\"error_description\":\"AADSTS90000: Cannot read '%s'.\"}",
                    "{\"error\":\"%s\",\"error_description\":\"%s\",\"trace_id\":\"%s\",\"correlation_id\":\"%s\"}",
                    "{\"error\":{\"code\":\"%s\",\"message\":\"The header was Authorization: Bearer %s\","
                            + "\"innerError\":{\"request-id\":\"%s\",\"client-request-id\":\"%s\"}}}",
                    "{\"code\":\"%s\",\"description\":\"You sent refresh_token=%s&client_secret=%s\",\"data\":[\"%s\"]}",
                    "{\"odata.error\":{\"code\":\"x\",\"message\":{\"lang\":\"en\",\"value\":\"Bad token %s\"}}}",
                    "{\"message\":\"%s",
                    "{\"responses\":[{\"id\":\"0\",\"status\":400,\"body\":\"%s\"}]}"),
            "text/html",
            List.of("<html><body><h1>Blocked</h1><pre>Authorization: Bearer %s</pre></body></html>", "<%s>"),
            "text/plain",
            List.of("%s", "Authorization: Bearer %s", "POST body was grant_type=refresh_token&refresh_token=%s"));

    private final Secrets secrets = new Secrets();
    private final List<Object> things = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final RecordingListener listener = new RecordingListener();
    private final Set<FailureCode> failures = EnumSet.noneOf(FailureCode.class);

    @TempDir
    private Path folder;

    @BeforeEach
    void collectSecrets() {
        for (Endpoint endpoint : Endpoint.values()) {
            partner.simulator
                    .faults()
                    .onAny(endpoint)
                    .always()
                    .when(this::collect)
                    .reset();
        }
        secrets.add("wrong client secret", WRONG_SECRET);
        secrets.add("password", PASSWORD);
    }

    /** Every request shows what must not be told. Strikes none. */
    private boolean collect(WireRequest request) {
        request.header("Authorization")
                .ifPresent(value -> secrets.add("access token", value.substring("Bearer ".length())));
        Matcher field = FORM.matcher(request.body());
        while (field.find()) {
            secrets.add(field.group(1), URLDecoder.decode(field.group(2), StandardCharsets.UTF_8));
            secrets.add(field.group(1), field.group(2));
        }
        return false;
    }

    @Test
    void R23_noSecretIsToldByAnything() throws IOException {
        Path journal = folder.resolve("journal");
        Path recorded = folder.resolve("events.jfr");
        String log;
        try (LogCapture capture = new LogCapture();
                Recording recording = new Recording()) {
            FlightRecorder.getFlightRecorder().getEventTypes().stream()
                    .filter(type -> type.getName().startsWith("dev.cpv."))
                    .forEach(type -> recording.enable(type.getName()));
            recording.start();
            withSecret(journal);
            withWrongSecret();
            withCertificate();
            withStoreThatFails();
            withEchoes();
            afterRevocation();
            recording.stop();
            recording.dump(recorded);
            log = capture.text();
        }

        log.lines().forEach(line -> scan("log", line));
        scanFiles(journal);
        scanEvents(recorded);
        texts.forEach(text -> scan("text", text));
        Map<String, Set<String>> told = new ObjectWalk().from(things.toArray()).texts();
        told.forEach((type, said) -> said.forEach(text -> scan("toString of " + type, text)));

        // What makes it worth something.
        assertThat(Stream.of(
                                "access token",
                                "client_secret",
                                "refresh_token",
                                "client_assertion",
                                "rotated refresh token",
                                "private key")
                        .filter(name -> !secrets.knows(name)))
                .as("secrets that were never seen")
                .isEmpty();
        assertThat(log)
                .as("libraries log at their finest level, and so does cpv")
                .contains("com.microsoft.aad.msal4j", "dev.cpv.CpvClient", "could not be stored");
        assertThat(failures)
                .contains(
                        FailureCode.CLIENT_SECRET_INVALID,
                        FailureCode.REFRESH_TOKEN_STORE_FAILED,
                        FailureCode.TOKEN_REFUSED,
                        FailureCode.ANSWER_UNREADABLE,
                        FailureCode.UNKNOWN);
        assertThat(told.keySet())
                .contains(
                        "dev.cpv.graph.GraphTenantDirectory",
                        "dev.cpv.graph.AppCredentials",
                        "dev.cpv.graph.InMemoryRefreshTokenStore",
                        "dev.cpv.graph.internal.token.AccessToken",
                        "dev.cpv.spi.TenantDirectoryException",
                        "dev.cpv.CpvResult",
                        "dev.cpv.model.CpvRefreshPlan",
                        "dev.cpv.model.CpvFailure");
        System.out.println("Secret scan: " + told.size() + " classes, "
                + told.values().stream().mapToInt(Set::size).sum() + " texts of objects, " + texts.size()
                + " documents and stack traces, " + log.lines().count() + " lines of log, failures " + failures);
    }

    // Scenarios

    private void withSecret(Path journal) {
        CpvClient client = client(partner.directory, FileRefreshJournal.open(journal));
        things.add(partner.directory);
        things.add(client);
        SimulatedTenant drifted = inSync("Drifted").removeAppRole(AppId.MICROSOFT_GRAPH.toString(), "User.Read.All");
        keep(client.refresh(id(partner.simulator.addCustomer("First consent"))));
        CpvResult preview = client.preview(id(drifted));
        keep(preview);
        keep(client.apply(preview.plan()));
        keep(client.refresh(
                id(inSync("Extras").assignAppRole(AppId.MICROSOFT_GRAPH.toString(), "Application.ReadWrite.OwnedBy")),
                RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE)));
        keep(CpvResult.notAttempted("somebody.example", "Not today"));
        things.add(partner.directory);
        things.add(listener);
    }

    private void withWrongSecret() {
        PartnerCredentials credentials = partner.simulator.credentials();
        AppCredentials tokens =
                AppCredentials.withSecret(WRONG_SECRET, RefreshTokenStore.inMemory(credentials.refreshToken()));
        refreshWith(tokens, partner.simulator.addCustomer("Wrong secret"));
    }

    private void withCertificate() throws IOException {
        SimulatedCertificate certificate = SimulatedCertificate.selfSigned("cpv", partner.time.instant());
        Path file = folder.resolve("app.p12");
        certificate.writePkcs12(file, PASSWORD);
        secrets.add(certificate.privateKey());
        partner.simulator.app().addCertificate(certificate.certificate()).assertionTimeChecked(false);
        RefreshTokenStore store =
                RefreshTokenStore.inMemory(partner.simulator.credentials().refreshToken());
        refreshWith(AppCredentials.withCertificate(file, PASSWORD.toCharArray(), store), inSync("Certificate"));
        keep(catchThrowable(() -> AppCredentials.withCertificate(file, WRONG_SECRET.toCharArray(), store)));
        SimulatedCertificate unknown = SimulatedCertificate.selfSigned("unknown", partner.time.instant());
        secrets.add(unknown.privateKey());
        refreshWith(
                AppCredentials.withCertificate(unknown.privateKey(), unknown.certificate(), store),
                inSync("Unknown certificate"));
    }

    /** A store of the user's own, that tells the token in its complaint. */
    private void withStoreThatFails() {
        PartnerCredentials credentials = partner.simulator.credentials();
        refreshWith(
                AppCredentials.withSecret(credentials.clientSecret(), new LeakyStore(credentials.refreshToken(), true)),
                inSync("Store cannot be written"));
        refreshWith(
                AppCredentials.withSecret(
                        credentials.clientSecret(), new LeakyStore(credentials.refreshToken(), false)),
                inSync("Store cannot be read"));
    }

    /** Proxies and gateways that say back what they were sent, at every service, as a whole or in a batch. */
    private void withEchoes() {
        PartnerCredentials credentials = partner.simulator.credentials();
        RefreshTokenStore store = new RotationSeen(credentials.refreshToken());
        AppCredentials tokens = AppCredentials.withSecret(credentials.clientSecret(), store);
        GraphTenantDirectory directory = directory(tokens);
        refreshOver(directory, inSync("Good"));
        String bearer = anyAccessToken();
        for (String secret : List.of(
                credentials.clientSecret(),
                URLEncoder.encode(credentials.clientSecret(), StandardCharsets.UTF_8),
                store.current(),
                URLEncoder.encode(store.current(), StandardCharsets.UTF_8))) {
            ECHOES.forEach((type, bodies) ->
                    bodies.forEach(body -> echoedToTokens(directory, type, body.replace("%s", secret))));
        }
        for (String secret : List.of(bearer, bearer.substring(0, bearer.length() / 2))) {
            ECHOES.forEach((type, bodies) ->
                    bodies.forEach(body -> echoedToBearers(directory, type, body.replace("%s", secret))));
        }
        directory.close();
    }

    private String anyAccessToken() {
        List<String> seen = new ArrayList<>();
        SimulatedTenant tenant = inSync("Bearer");
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.BATCH)
                .when(request -> {
                    request.header("Authorization").ifPresent(seen::add);
                    return false;
                })
                .reset();
        partner.refresh(tenant);
        return seen.get(0).substring("Bearer ".length());
    }

    private static int refusal(String echo) {
        int[] statuses = {400, 401, 403, 500};
        return statuses[Math.floorMod(echo.hashCode(), statuses.length)];
    }

    private void echoedToTokens(GraphTenantDirectory directory, String type, String echo) {
        SimulatedTenant refused = inSync("Token refused");
        respond(partner.simulator.faults().on(refused.id(), Endpoint.TOKEN_REFRESH), refusal(echo), type, echo);
        refreshOver(directory, refused);
        SimulatedTenant garbage = inSync("Token garbled");
        respond(partner.simulator.faults().on(garbage.id(), Endpoint.TOKEN_REFRESH), 200, type, echo);
        refreshOver(directory, garbage);
    }

    private void echoedToBearers(GraphTenantDirectory directory, String type, String echo) {
        SimulatedTenant consent = partner.simulator.addCustomer("Consent refused");
        respond(partner.simulator.faults().on(consent.id(), Endpoint.CONSENT_POST), refusal(echo), type, echo);
        refreshOver(directory, consent);
        SimulatedTenant batch = inSync("Batch refused");
        respond(partner.simulator.faults().on(batch.id(), Endpoint.BATCH), refusal(echo), type, echo);
        refreshOver(directory, batch);
        SimulatedTenant part = inSync("Part refused").removeAppRole(AppId.MICROSOFT_GRAPH.toString(), "User.Read.All");
        respond(partner.simulator.faults().onPart(part.id(), "POST", ROLES), 400, type, echo);
        refreshOver(directory, part);
    }

    private static void respond(FaultPlan.Step fault, int status, String type, String body) {
        fault.always()
                .respond(
                        status,
                        Map.of(
                                "Content-Type",
                                type,
                                "WWW-Authenticate",
                                "Bearer error=\"x\", " + firstLine(body),
                                "request-id",
                                firstLine(body)),
                        body);
    }

    /** A header takes some thousand characters. */
    private static String firstLine(String body) {
        return body.substring(0, Math.min(body.length(), 2000));
    }

    private void afterRevocation() {
        PartnerCredentials credentials = partner.simulator.credentials();
        partner.simulator.serviceAccount().revokeSessions();
        refreshWith(
                AppCredentials.withSecret(
                        credentials.clientSecret(), RefreshTokenStore.inMemory(credentials.refreshToken())),
                inSync("Revoked"));
    }

    private void refreshWith(AppCredentials tokens, SimulatedTenant tenant) {
        try (GraphTenantDirectory directory = directory(tokens)) {
            refreshOver(directory, tenant);
        }
    }

    private GraphTenantDirectory directory(AppCredentials tokens) {
        PartnerCredentials credentials = partner.simulator.credentials();
        PartnerApp app = PartnerApp.of(credentials.partnerTenantId(), credentials.clientId());
        GraphTenantDirectory.Builder builder = GraphTenantDirectory.builder(app, tokens)
                .cloud(partner.cloud())
                .clock(partner.time)
                .sleeper(partner.time);
        GraphTenantDirectory directory = builder.build();
        things.addAll(List.of(app, tokens, builder, directory));
        return directory;
    }

    private void refreshOver(GraphTenantDirectory directory, SimulatedTenant tenant) {
        CpvClient client = client(directory, FileRefreshJournal.open(folder.resolve("journal")));
        keep(client.refresh(id(tenant)));
        RefreshContext context = RefreshContext.start(
                id(tenant), TenantRoute.CUSTOMER, RefreshOptions.defaults(), partner.time.instant());
        keep(catchThrowable(() -> directory.open(context).observe(Set.of(AppId.MICROSOFT_GRAPH))));
        things.addAll(List.of(client, context));
    }

    private CpvClient client(GraphTenantDirectory directory, FileRefreshJournal journal) {
        things.add(journal);
        return CpvClient.builder(directory, partner.required)
                .journal(journal)
                .addListener(listener)
                .clock(partner.time)
                .sleeper(partner.time)
                .build();
    }

    private void keep(CpvResult result) {
        things.add(result);
        texts.add(result.toJson());
        result.findPlan().ifPresent(plan -> texts.add(plan.toJson()));
        result.failure().map(CpvFailure::code).ifPresent(failures::add);
        result.steps()
                .values()
                .forEach(answer -> answer.failure().map(CpvFailure::code).ifPresent(failures::add));
        keep(catchThrowable(result::orElseThrow));
    }

    private void keep(@Nullable Throwable thrown) {
        if (thrown != null) {
            things.add(thrown);
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace, true));
            texts.add(trace.toString());
            if (thrown instanceof TenantDirectoryException e) {
                failures.add(e.failure().code());
            }
        }
    }

    // The scan

    private void scan(String where, String text) {
        assertThat(secrets.toldBy(text))
                .as("told by %s: %s", where, excerpt(text))
                .isEmpty();
    }

    private static String excerpt(String text) {
        return text.length() > 2000 ? text.length() + " characters" : text;
    }

    private void scanFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> regular = files.filter(Files::isRegularFile).toList();
            assertThat(regular).isNotEmpty();
            regular.forEach(file -> scan("file " + file, read(file)));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void scanEvents(Path recording) throws IOException {
        Set<String> kinds = new TreeSet<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(recording)) {
            kinds.add(event.getEventType().getName());
            for (ValueDescriptor field : event.getFields()) {
                Object value = event.getValue(field.getName());
                scan(event.getEventType().getName() + "." + field.getName(), String.valueOf(value));
            }
        }
        assertThat(kinds).contains("dev.cpv.Refresh", "dev.cpv.RoundTrip", "dev.cpv.HttpRequest");
    }

    /** Keeps no secret from its caller, as somebody's own store may do. */
    private final class LeakyStore implements RefreshTokenStore {
        private final String token;
        private final boolean readable;

        LeakyStore(String token, boolean readable) {
            this.token = token;
            this.readable = readable;
        }

        @Override
        public String current() {
            if (!readable) {
                throw new IllegalStateException("The store is broken");
            }
            return token;
        }

        @Override
        public boolean replace(String expected, String replacement) {
            secrets.add("rotated refresh token", replacement);
            throw new IllegalStateException("Cannot replace " + expected + " by " + replacement);
        }
    }

    /** Adds what comes back to what must not be told. */
    private final class RotationSeen implements RefreshTokenStore {
        private final RefreshTokenStore kept;

        RotationSeen(String token) {
            kept = RefreshTokenStore.inMemory(token);
        }

        @Override
        public String current() {
            return kept.current();
        }

        @Override
        public boolean replace(String expected, String replacement) {
            secrets.add("rotated refresh token", replacement);
            return kept.replace(expected, replacement);
        }
    }
}
