package dev.cpv.bench;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.TenantId;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Both clients on one simulator. Not thread-safe; the trials that it prepares can run at the same time. */
final class Side implements AutoCloseable {
    private final Simulator simulator;
    private final PeerSequence peer;
    /** Keeps its connections open from one run to the next, like the peer's side. */
    private final GraphTenantDirectory kept;

    Side(Simulator simulator) {
        this.simulator = simulator;
        peer = new PeerSequence(simulator.service());
        kept = simulator.service().directory();
    }

    @Override
    public void close() {
        kept.close();
    }

    /** Prepares everything that is not timed. */
    Trial trial(SequenceBenchmark.Case what, SequenceBenchmark.Who who, SequenceBenchmark.Size size) {
        return switch (who) {
            case PEER -> new Trial(simulator, size, add(what, size), peers(what), () -> {});
            case CPV -> ours(what, size);
            case CPV_HELPED -> helped(what, size);
        };
    }

    private List<String> add(SequenceBenchmark.Case what, SequenceBenchmark.Size size) {
        return simulator.add(what.state(), size.tenants());
    }

    private Consumer<String> peers(SequenceBenchmark.Case what) {
        return switch (what) {
            case STEADY -> peer::steady;
            case DRIFTED -> peer::drifted;
            case FIRST_CONSENT -> peer::firstConsent;
            case RESET -> peer::reset;
        };
    }

    private Trial helped(SequenceBenchmark.Case what, SequenceBenchmark.Size size) {
        ExecutorService threads = Executors.newCachedThreadPool();
        GraphTenantDirectory directory =
                simulator.service().settings().batchExecutor(threads).build();
        return ours(what, size, directory, () -> {
            directory.close();
            threads.shutdown();
        });
    }

    /** For many writes, a directory of its own: writes count against its share of Microsoft's limits for minutes (R29). */
    private Trial ours(SequenceBenchmark.Case what, SequenceBenchmark.Size size) {
        if (what == SequenceBenchmark.Case.STEADY || what == SequenceBenchmark.Case.DRIFTED) {
            return ours(what, size, kept, () -> {});
        }
        GraphTenantDirectory directory = simulator.service().directory();
        return ours(what, size, directory, directory::close);
    }

    private Trial ours(
            SequenceBenchmark.Case what,
            SequenceBenchmark.Size size,
            GraphTenantDirectory directory,
            Runnable afterwards) {
        boolean resets = what == SequenceBenchmark.Case.RESET;
        // A reset needs a durable journal. What the peer's side stores is not counted, so nothing else is stored here.
        Path files = resets ? temporary() : Path.of("");
        CpvClient client = CpvClient.builder(directory, simulator.service().required())
                .journal(resets ? FileRefreshJournal.open(files) : new InMemoryRefreshJournal())
                .build();
        // For the partner's token and the definitions, which a directory reads once.
        Service.refresh(client, simulator.add(Simulator.State.NEW, 1).get(0));
        List<String> tenants = add(what, size);
        Consumer<String> work = resets ? resets(client, size, tenants) : tenant -> Service.refresh(client, tenant);
        return new Trial(simulator, size, tenants, work, () -> {
            afterwards.run();
            if (resets) {
                delete(files);
            }
        });
    }

    /** The plan of a reset is made first, because a person would review it; it is not timed. */
    private static Consumer<String> resets(CpvClient client, SequenceBenchmark.Size size, List<String> tenants) {
        Map<String, CpvResetPlan> plans = new ConcurrentHashMap<>();
        Load.run(size.concurrency(), tenants, id -> plans.put(id, client.planReset(TenantId.of(id))));
        return id -> {
            CpvResult result = client.reset(Objects.requireNonNull(plans.get(id)));
            Service.require(result);
        };
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("cpv-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
