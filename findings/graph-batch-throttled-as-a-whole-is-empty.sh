#!/usr/bin/env bash
# microsoft-graph 6.69.0 (microsoft-graph-core 3.6.6): a $batch that Graph refuses as a whole (429, 503, 401) gives a
# BatchResponseContent with no responses and no exception. Status, Retry-After and error code are lost.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
workspace com.microsoft.graph:microsoft-graph:6.69.0

cat > Main.java <<'JAVA'
import com.microsoft.graph.core.content.BatchRequestContent;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import okhttp3.OkHttpClient;

public class Main {
    public static void main(String[] args) throws Exception {
        for (int status : new int[] {429, 503, 401}) {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                byte[] body = "{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"Slow down\"}}".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.getResponseHeaders().add("Retry-After", "30");
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            // A plain client: no retry handler, so that the first answer is the one that counts.
            GraphServiceClient client = new GraphServiceClient((request, context) -> {}, new OkHttpClient());
            client.getRequestAdapter().setBaseUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/v1.0");
            BatchRequestContent batch = new BatchRequestContent(client);
            String id = batch.addBatchRequestStep(client.users().toGetRequestInformation());
            String seen;
            try {
                var answer = client.getBatchRequestBuilder().post(batch, null);
                seen = "no exception, responses: " + answer.getResponsesStatusCode().size()
                        + ", this one: " + answer.getResponseById(id);
            } catch (RuntimeException e) {
                seen = e.toString();
            }
            System.out.println("batch answered with " + status + ": " + seen);
            server.stop(0);
        }
        System.exit(0);
    }
}
JAVA

expect <<'SEEN'
batch answered with 429: no exception, responses: 0, this one: null
batch answered with 503: no exception, responses: 0, this one: null
batch answered with 401: no exception, responses: 0, this one: null
SEEN
