package dev.cpv.graph.internal.token;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A server on loopback that answers as it is told and remembers what it was asked. */
public final class ScriptedService implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Function<Received, Answer> behaviour;

    /** Starts a server that has no script yet. */
    public ScriptedService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** Returns the base URL, with a path, as a proxy may have one. */
    public URI url(String path) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/" + path);
    }

    /** Appends an answer to the script. */
    public ScriptedService answer(Answer answer) {
        script.add(answer);
        return this;
    }

    /** Lets a function answer what the script does not. */
    public void behave(Function<Received, Answer> how) {
        behaviour = how;
    }

    public List<Received> received() {
        return received;
    }

    /** Returns the requests whose path contains a text. */
    public List<Received> received(String inPath) {
        return received.stream()
                .filter(request -> request.path().contains(inPath))
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
        Received request = new Received(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        received.add(request);
        Answer answer = script.poll();
        Function<Received, Answer> how = behaviour;
        if (answer == null) {
            answer = how == null ? Answer.of(599, "The script has ended") : how.apply(request);
        }
        if (answer.status() > 0) {
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** What came. */
    public record Received(String method, String path, Map<String, String> headers, String body) {
        /** Returns the fields of a form. */
        public Map<String, String> form() {
            Map<String, String> fields = new HashMap<>();
            for (String pair : body.split("&", -1)) {
                Queue<String> parts = new ArrayDeque<>(List.of(pair.split("=", 2)));
                fields.put(decoded(parts.remove()), decoded(parts.isEmpty() ? "" : parts.remove()));
            }
            return fields;
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
    }

    /** What goes back. */
    public record Answer(int status, Map<String, String> headers, String body) {
        /** An answer in JSON. */
        public static Answer of(int status, String body) {
            return new Answer(status, Map.of("Content-Type", "application/json"), body);
        }

        /** The connection breaks after the request was taken. */
        public static Answer lost() {
            return new Answer(0, Map.of(), "");
        }

        public Answer with(String header, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(header, value);
            return new Answer(status, more, body);
        }
    }
}
