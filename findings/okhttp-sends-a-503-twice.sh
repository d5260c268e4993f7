#!/usr/bin/env bash
# okhttp 4.12.0: a POST answered with "503, Retry-After: 0" is sent again at once, although
# retryOnConnectionFailure is false and no interceptor repeats anything. Other pauses are not repeated.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
workspace com.squareup.okhttp3:okhttp:4.12.0

cat > Main.java <<'JAVA'
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

public class Main {
    public static void main(String[] args) throws Exception {
        for (String retryAfter : new String[] {"0", "1", "none"}) {
            AtomicInteger arrived = new AtomicInteger();
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                arrived.incrementAndGet();
                exchange.getRequestBody().readAllBytes();
                if (!retryAfter.equals("none")) {
                    exchange.getResponseHeaders().add("Retry-After", retryAfter);
                }
                exchange.sendResponseHeaders(503, -1);
                exchange.close();
            });
            server.start();
            OkHttpClient client = new OkHttpClient.Builder().retryOnConnectionFailure(false).build();
            Request post = new Request.Builder()
                    .url("http://127.0.0.1:" + server.getAddress().getPort() + "/")
                    .post(RequestBody.create("{}".getBytes()))
                    .build();
            try (var response = client.newCall(post).execute()) {
                System.out.println("Retry-After " + retryAfter + ": status " + response.code()
                        + ", requests that arrived: " + arrived.get());
            }
            server.stop(0);
            client.connectionPool().evictAll();
        }
        System.exit(0);
    }
}
JAVA

expect <<'SEEN'
Retry-After 0: status 503, requests that arrived: 2
Retry-After 1: status 503, requests that arrived: 1
Retry-After none: status 503, requests that arrived: 1
SEEN
