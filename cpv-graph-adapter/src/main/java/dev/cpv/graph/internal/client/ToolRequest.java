package dev.cpv.graph.internal.client;

import dev.cpv.graph.internal.batch.BatchText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A request of the tool with its body in memory, so that it can be sent again. Immutable.
 *
 * @param request the request
 * @param isBatch whether it is a batch
 * @param writes how many writes Graph counts for it
 */
record ToolRequest(Request request, boolean isBatch, int writes) {
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    /** Reads the body once: it may be a stream. */
    static ToolRequest of(Request request) throws IOException {
        List<String> path = request.url().pathSegments();
        boolean isBatch =
                request.method().equals("POST") && path.get(path.size() - 1).equals("$batch");
        @Nullable RequestBody body = request.body();
        if (body == null) {
            return new ToolRequest(request, isBatch, READS.contains(request.method()) ? 0 : 1);
        }
        Buffer buffer = new Buffer();
        body.writeTo(buffer);
        byte[] bytes = buffer.readByteArray();
        Request repeatable = request.newBuilder()
                .method(request.method(), RequestBody.create(bytes, body.contentType()))
                .build();
        return new ToolRequest(
                repeatable, isBatch, isBatch ? BatchText.writes(new String(bytes, StandardCharsets.UTF_8)) : 1);
    }

    boolean isRead() {
        return writes == 0;
    }
}
