package dev.cpv.graph.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The requests that the tests send, over real HTTP and without the library. */
final class Calls {
    static final String GRAPH = "https://graph.microsoft.com/.default";
    static final String PARTNER_CENTER = "https://api.partnercenter.microsoft.com/.default";

    /** The answer to a request. */
    record Answer(int status, HttpHeaders headers, String body) {
        JsonNode json() {
            return Json.parse(body);
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        int aadsts() {
            return json().path("error_codes").path(0).asInt();
        }

        String code() {
            return json().path("code").asText();
        }

        Answer expect(int expected) {
            assertThat(status).as(body).isEqualTo(expected);
            return this;
        }
    }

    private final MicrosoftSimulator microsoft;
    private final HttpClient client;

    Calls(MicrosoftSimulator microsoft) {
        this(
                microsoft,
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    }

    Calls(MicrosoftSimulator microsoft, HttpClient client) {
        this.microsoft = microsoft;
        this.client = client;
    }

    // Tokens

    /** The form of a redemption, to be changed by the test. */
    Map<String, String> redemption(String scope) {
        PartnerCredentials credentials = microsoft.credentials();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("client_id", credentials.clientId());
        form.put("client_secret", credentials.clientSecret());
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", credentials.refreshToken());
        form.put("scope", scope);
        return form;
    }

    Map<String, String> appOnly(String scope) {
        Map<String, String> form = redemption(scope);
        form.put("grant_type", "client_credentials");
        form.remove("refresh_token");
        return form;
    }

    Answer token(String tenant, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                "POST",
                microsoft.loginUrl() + "/" + tenant + "/oauth2/v2.0/token",
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                body);
    }

    Answer redeem(SimulatedTenant tenant, String scope) {
        return token(tenant.id(), redemption(scope));
    }

    /** The claims of the access token in an answer. */
    static ObjectNode claims(Answer answer) {
        return SignedText.claims(answer.expect(200).json().path("access_token").asText())
                .orElseThrow();
    }

    String partnerCenterToken() {
        return redeem(microsoft.partner(), PARTNER_CENTER)
                .expect(200)
                .json()
                .path("access_token")
                .asText();
    }

    String graphToken(SimulatedTenant tenant) {
        return redeem(tenant, GRAPH).expect(200).json().path("access_token").asText();
    }

    // Partner Center

    Answer consent(SimulatedTenant tenant, String scopes) {
        return consent(tenant, partnerCenterToken(), Map.of(), consentBody(ResourceCatalog.GRAPH, scopes));
    }

    Answer consent(SimulatedTenant tenant, String token, Map<String, String> headers, JsonNode body) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json");
        return partnerCenter(
                "POST", "/v1/customers/" + tenant.id() + "/applicationconsents", token, all, body.toString());
    }

    ObjectNode consentBody(String resourceAppId, String scopes) {
        ObjectNode body = Json.object();
        body.put("applicationId", microsoft.app().appId());
        body.withArray("applicationGrants")
                .addObject()
                .put("enterpriseApplicationId", resourceAppId)
                .put("scope", scopes);
        return body;
    }

    Answer removeConsent(SimulatedTenant tenant) {
        return partnerCenter(
                "DELETE",
                "/v1/customers/" + tenant.id() + "/applicationconsents/"
                        + microsoft.app().appId(),
                partnerCenterToken(),
                Map.of(),
                "");
    }

    Answer partnerCenter(String method, String path, String token, Map<String, String> headers, String body) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Authorization", "Bearer " + token);
        all.put("Accept", "application/json");
        return send(method, microsoft.partnerCenterUrl() + path, all, body);
    }

    // Anything

    Answer get(String url) {
        return send("GET", url, Map.of(), "");
    }

    Answer send(String method, String url, Map<String, String> headers, String body) {
        try {
            return sendOrFail(method, url, headers, body, Duration.ofSeconds(20));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer sendOrFail(String method, String url, Map<String, String> headers, String body, Duration timeout)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(timeout)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
