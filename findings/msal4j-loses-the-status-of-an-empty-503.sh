#!/usr/bin/env bash
# msal4j 1.26.1: 503 (or 429) from the token endpoint with an empty body gives a MsalServiceException without status and
# headers, and one with an HTML body a parsing exception; with a JSON body both are kept. Retry-After is lost with them.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
workspace com.microsoft.azure:msal4j:1.26.1 org.slf4j:slf4j-nop:2.0.20

cat > Main.java <<'JAVA'
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.MsalServiceException;
import com.microsoft.aad.msal4j.RefreshTokenParameters;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

public class Main {
    public static void main(String[] args) throws Exception {
        answer("empty", "");
        answer("JSON", "{\"error\":\"temporarily_unavailable\",\"error_description\":\"Busy\"}");
        answer("HTML", "<html><body>Service unavailable</body></html>");
        System.exit(0);
    }

    private static void answer(String kind, String body) throws Exception {
        IHttpClient http = request -> {
            HttpResponse response = new HttpResponse();
            response.statusCode(503);
            response.addHeaders(Map.of("Retry-After", List.of("30"), "Content-Type", List.of("application/json")));
            response.body(body);
            return response;
        };
        var application = ConfidentialClientApplication.builder(
                        "11111111-2222-3333-4444-555555555555", ClientCredentialFactory.createFromSecret("example"))
                .authority("https://login.microsoftonline.com/aaaaaaaa-2222-3333-4444-555555555555/")
                .instanceDiscovery(false)
                .disableInternalRetries()
                .httpClient(http)
                .build();
        try {
            application.acquireToken(RefreshTokenParameters.builder(
                            Set.of("https://graph.microsoft.com/.default"), "example-refresh-token").build()).get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String kept = cause instanceof MsalServiceException service
                    ? "status " + service.statusCode() + ", Retry-After kept: "
                            + (service.headers() != null && service.headers().containsKey("Retry-After"))
                    : "no status";
            System.out.println(kind + " body: " + cause.getClass().getSimpleName() + ", " + kept);
        }
    }
}
JAVA

expect <<'SEEN'
empty body: MsalServiceException, status null, Retry-After kept: false
JSON body: MsalServiceException, status 503, Retry-After kept: true
HTML body: MsalJsonParsingException, status null, Retry-After kept: false
SEEN
