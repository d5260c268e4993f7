#!/usr/bin/env bash
# microsoft-graph 6.69.0 (kiota 1.9.2): read an object, replace an element of one of its lists, PATCH it: the PATCH is {},
# without an error. An element that is added is noticed, and so is a list that is set anew.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
workspace com.microsoft.graph:microsoft-graph:6.69.0

cat > Main.java <<'JAVA'
import com.microsoft.graph.models.ServicePrincipal;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;

public class Main {
    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = "{\"id\":\"1\",\"tags\":[\"one\",\"two\"]}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        GraphServiceClient client = new GraphServiceClient((request, context) -> {}, new OkHttpClient());
        client.getRequestAdapter().setBaseUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/v1.0");
        var item = client.servicePrincipals().byServicePrincipalId("1");

        ServicePrincipal added = item.get();
        added.getTags().add("three");
        patch("element added", item, added);

        ServicePrincipal replaced = item.get();
        replaced.getTags().set(0, "ONE");
        patch("element replaced", item, replaced);

        ServicePrincipal anew = item.get();
        anew.setTags(new ArrayList<>(List.of("ONE", "two")));
        patch("list set anew", item, anew);
        System.exit(0);
    }

    private static void patch(String what, com.microsoft.graph.serviceprincipals.item.ServicePrincipalItemRequestBuilder item,
            ServicePrincipal changed) throws Exception {
        var body = item.toPatchRequestInformation(changed).content;
        System.out.println(what + ": " + new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
}
JAVA

expect <<'SEEN'
element added: {"tags":["one","two","three"]}
element replaced: {}
list set anew: {"tags":["ONE","two"]}
SEEN
