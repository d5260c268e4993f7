package dev.cpv.testkit;

import dev.cpv.model.TenantId;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshJournal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A JVM besides the test's, which writes on its standard output what it has done. */
public final class OtherJvm {
    private static final int MAX_ASKED = 100_000;

    private OtherJvm() {}

    /** Starts the {@code main} of a class on this JVM's class path. */
    public static Process start(Class<?> main, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** What the other one writes. */
    public static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * In the other one: takes the lease again and again, and writes its fencing numbers. While it is held, a file
     * exists that can be created only once.
     */
    public static void contend(RefreshJournal journal, TenantId tenant, Instant now, Path witness, int rounds)
            throws IOException {
        int held = 0;
        for (int asked = 0; held < rounds; asked++) {
            if (asked == MAX_ASKED) {
                throw new IllegalStateException("No lease for too long; " + held + " so far");
            }
            Optional<Lease> lease = journal.acquire(tenant, "process", now, Duration.ofHours(1));
            if (lease.isPresent()) {
                Files.createFile(witness);
                System.out.println(lease.get().fencing());
                Files.delete(witness);
                journal.release(lease.get());
                held++;
                asked = 0;
            }
        }
    }
}
