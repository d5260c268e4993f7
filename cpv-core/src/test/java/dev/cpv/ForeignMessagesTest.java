package dev.cpv;

import static dev.cpv.Fixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.fleet.FleetListener;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.journal.InMemoryFleetStore;
import dev.cpv.model.TenantId;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantCatalog;
import dev.cpv.spi.TenantRecord;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.slf4j.simple.SimpleLogger;
import org.slf4j.spi.LocationAwareLogger;

/** R23: what the log says about an exception that is not cpv's own: its class and where it was thrown, not its message. */
@Isolated("redirects the standard error stream, which the log is written to")
class ForeignMessagesTest {
    private static final String SECRET = "password=hunter2-in-a-message";

    private final Fixture fixture = new Fixture().consented();

    @ParameterizedTest
    @MethodSource("journals")
    void R23_messageOfAForeignJournalIsNotLogged(RefreshJournal journal) {
        String log =
                log(() -> fixture.builder(fixture.directory, journal).build().refresh(TENANT));

        assertLoggedWithoutMessage(log);
    }

    static Stream<Named<RefreshJournal>> journals() {
        RefreshJournal journal = new Fixture().journal;
        return Stream.of(
                Named.of("find", new PassingJournal(journal) {
                    @Override
                    public Optional<TenantRecord> find(TenantId tenant) {
                        throw fault();
                    }
                }),
                Named.of("findReset", new PassingJournal(journal) {
                    @Override
                    public Optional<ResetRecord> findReset(TenantId tenant) {
                        throw fault();
                    }
                }),
                Named.of("acquire", new PassingJournal(journal) {
                    @Override
                    public Optional<Lease> acquire(TenantId tenant, String owner, Instant now, Duration duration) {
                        throw fault();
                    }
                }),
                Named.of("renew", new PassingJournal(journal) {
                    @Override
                    public Optional<Lease> renew(Lease lease, Instant now, Duration duration) {
                        throw fault();
                    }
                }),
                Named.of("save", new PassingJournal(journal) {
                    @Override
                    public boolean save(TenantRecord record, Lease lease) {
                        throw fault();
                    }
                }),
                Named.of("release", new PassingJournal(journal) {
                    @Override
                    public void release(Lease lease) {
                        journal.release(lease);
                        throw fault();
                    }
                }),
                Named.of("lease", new PassingJournal(journal) {
                    @Override
                    public Optional<Lease> acquire(TenantId tenant, String owner, Instant now, Duration duration) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<Lease> lease(TenantId tenant) {
                        throw fault();
                    }
                }));
    }

    @Test
    void R23_messageOfAJournalThatCannotSaveAResetIsNotLogged() {
        RefreshJournal journal = new PassingJournal(fixture.journal) {
            @Override
            public boolean isDurable() {
                return true;
            }

            @Override
            public boolean saveReset(ResetRecord reset, Lease lease) {
                throw fault();
            }
        };
        CpvClient client = fixture.builder(fixture.directory, journal).build();

        assertLoggedWithoutMessage(log(() -> client.reset(client.planReset(TENANT))));
    }

    @Test
    void R23_messageOfTheJournalsOwnExceptionIsLoggedButNotThatOfItsCause() {
        RefreshJournal journal = new PassingJournal(fixture.journal) {
            @Override
            public boolean save(TenantRecord record, Lease lease) {
                throw new RefreshJournalException("The disk is full", fault());
            }
        };

        String log =
                log(() -> fixture.builder(fixture.directory, journal).build().refresh(TENANT));

        assertThat(log).contains("The disk is full");
        assertLoggedWithoutMessage(log);
    }

    @Test
    void R23_messageOfAListenerIsNotLogged() {
        RefreshListener listener = new RefreshListener() {
            @Override
            public void started(RefreshContext context) {
                throw fault();
            }
        };

        assertLoggedWithoutMessage(log(() ->
                fixture.builder(fixture.directory).addListener(listener).build().preview(TENANT)));
    }

    @Test
    void R23_messagesOfAFleetsPortsAndListenersAreNotLogged() {
        RefreshJournal unreadable = new PassingJournal(fixture.journal) {
            @Override
            public Optional<TenantRecord> find(TenantId tenant) {
                throw new RefreshJournalException("The disk is gone", fault());
            }
        };
        CpvClient failing = fixture.builder(fixture.directory, unreadable).build();

        assertLoggedWithoutMessage(log(() -> fleet(cancellation -> {
            throw fault();
        })));
        assertLoggedWithoutMessage(log(() -> run(FleetRefresh.builder(failing, TenantCatalog.of(List.of(TENANT))))));
        assertLoggedWithoutMessage(log(() -> run(builder().addListener(new FleetListener() {
            @Override
            public void started(RunRecord run, int total) {
                throw fault();
            }
        }))));
        assertLoggedWithoutMessage(log(() -> run(builder().store(failing(method -> method.equals("findRule"))))));
        assertLoggedWithoutMessage(log(() -> run(builder().store(failingAtTheEnd()))));
    }

    private void fleet(TenantCatalog catalog) {
        run(FleetRefresh.builder(fixture.client, catalog));
    }

    private FleetRefresh.Builder builder() {
        return FleetRefresh.builder(fixture.client, TenantCatalog.of(List.of(TENANT)));
    }

    private static void run(FleetRefresh.Builder builder) {
        builder.build().run(Runnable::run);
    }

    /** A store that fails when the end of a run is saved. */
    private static FleetStore failingAtTheEnd() {
        int[] saved = {0};
        return failing(method -> method.equals("save") && ++saved[0] == 3);
    }

    private static FleetStore failing(Predicate<String> when) {
        FleetStore store = new InMemoryFleetStore();
        return (FleetStore) Proxy.newProxyInstance(
                FleetStore.class.getClassLoader(), new Class<?>[] {FleetStore.class}, (proxy, method, args) -> {
                    if (when.test(method.getName())) {
                        throw fault();
                    }
                    try {
                        return method.invoke(store, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static RuntimeException fault() {
        return new IllegalStateException(SECRET, new IllegalArgumentException(SECRET));
    }

    private static void assertLoggedWithoutMessage(String log) {
        assertThat(log)
                .contains("java.lang.IllegalStateException", "at dev.cpv.ForeignMessagesTest.fault")
                .doesNotContain(SECRET);
    }

    /** What the work logs; in all other tests the log is off. */
    private static String log(Runnable work) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        setLevel(LocationAwareLogger.WARN_INT);
        try {
            work.run();
        } finally {
            setLevel(LocationAwareLogger.ERROR_INT + 10);
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    private static void setLevel(int level) {
        try {
            Field current = SimpleLogger.class.getDeclaredField("currentLogLevel");
            current.setAccessible(true);
            for (Class<?> type : List.of(CpvClient.class, RefreshListener.class, FleetRefresh.class)) {
                current.setInt(LoggerFactory.getLogger(type), level);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
