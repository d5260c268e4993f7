package dev.cpv.graph.internal.batch;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Writing and reading batches. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class BatchMicro {
    private static final String GUID = "aaaaaaaa-0000-0000-0000-00000000000";

    private final List<BatchPart> writes = IntStream.range(0, BatchCodec.MAX_PARTS)
            .mapToObj(i -> new BatchPart(
                    "POST",
                    "/servicePrincipals/" + GUID + i % 10 + "/appRoleAssignedTo",
                    "{\"principalId\":\"" + GUID + "1\",\"resourceId\":\"" + GUID + "2\",\"appRoleId\":\"" + GUID
                            + i % 10 + "\"}"))
            .toList();
    private final String look = look();

    /** Creates the state. */
    public BatchMicro() {}

    /** The response for a tenant that has 70 app roles. */
    private static String look() {
        StringBuilder text = new StringBuilder(
                "{\"responses\":[{\"id\":\"0\",\"status\":200,\"headers\":{\"Content-Type\":\"application/json\"},\"body\":{\"value\":[");
        for (int i = 0; i < 70; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"")
                    .append(GUID)
                    .append("\",\"appRoleId\":\"")
                    .append(GUID)
                    .append(i % 10)
                    .append("\",\"resourceId\":\"")
                    .append(GUID)
                    .append("3\"}");
        }
        return text.append("]}}]}").toString();
    }

    /**
     * Writes a batch of twenty parts.
     *
     * @return its JSON
     */
    @Benchmark
    public String encodeBatchOf20Writes() {
        return BatchCodec.encode(writes);
    }

    /**
     * Reads a response with seventy assignments.
     *
     * @return its parts
     * @throws IOException never
     */
    @Benchmark
    public Map<Integer, BatchResponse> decodeAnswerOf70Assignments() throws IOException {
        return BatchCodec.decode(look, 1);
    }
}
