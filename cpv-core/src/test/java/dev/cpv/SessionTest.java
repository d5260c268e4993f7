package dev.cpv;

import static dev.cpv.Fixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenantDirectory.Call.Kind;
import dev.cpv.testing.PassingDirectory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session lives through one operation: every verb opens one and closes it, however it ends. */
class SessionTest {
    private static final Map<String, Consumer<CpvClient>> VERBS = new LinkedHashMap<>();

    static {
        VERBS.put("refresh", client -> client.refresh(TENANT));
        VERBS.put("preview", client -> client.preview(TENANT));
        VERBS.put("apply", client -> client.apply(client.preview(TENANT).plan()));
        VERBS.put("planReset", client -> client.planReset(TENANT));
        VERBS.put("offboard", client -> client.offboard(TENANT));
    }

    private final Fixture fixture = new Fixture().consented();
    private int opened;
    private int closed;

    @ParameterizedTest
    @ValueSource(strings = {"refresh", "preview", "apply", "planReset", "offboard"})
    void everyVerbClosesTheSessionThatItOpened(String verb) {
        run(verb, directory(call -> {}));

        assertThat(opened).isPositive();
        assertThat(closed).isEqualTo(opened);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refresh", "preview", "planReset", "offboard"})
    void aFailureClosesTheSession(String verb) {
        run(verb, directory(call -> {
            throw new TenantDirectoryException(Fixture.failure(FailureCode.SERVICE_UNAVAILABLE), null);
        }));

        assertThat(opened).isEqualTo(1);
        assertThat(closed).isEqualTo(1);
    }

    @Test
    void anErrorClosesTheSessionAndGoesOn() {
        assertThatExceptionOfType(Killing.KilledError.class)
                .isThrownBy(() -> run("refresh", directory(call -> {
                    throw new Killing.KilledError();
                })));

        assertThat(closed).isEqualTo(opened).isEqualTo(1);
    }

    @Test
    void nothingIsSentForATenantThatIsBusy() {
        fixture.journal.acquire(TENANT, "another", fixture.clock.instant(), Duration.ofHours(1));

        run("refresh", directory(call -> {}));

        assertThat(closed).isEqualTo(opened);
        assertThat(fixture.calls()).isEmpty();
    }

    private void run(String verb, PassingDirectory directory) {
        Objects.requireNonNull(VERBS.get(verb)).accept(fixture.client(directory));
    }

    private PassingDirectory directory(Consumer<Kind> before) {
        return new PassingDirectory(fixture.directory) {
            @Override
            public TenantSession open(RefreshContext context) {
                opened++;
                return super.open(context);
            }

            @Override
            protected <T> T call(RefreshContext context, Kind kind, Supplier<T> work) {
                before.accept(kind);
                return work.get();
            }

            @Override
            protected void close(TenantSession session) {
                closed++;
                session.close();
            }
        };
    }

    @Test
    void anErrorAtTheEndOfAFailedSessionReachesTheCaller() {
        Killing.KilledError error = new Killing.KilledError();
        for (RuntimeException failure : List.of(
                new TenantDirectoryException(Fixture.failure(FailureCode.SERVICE_UNAVAILABLE), null),
                new StopException(Fixture.failure(FailureCode.CANCELLED)),
                new IllegalStateException())) {
            assertThatExceptionOfType(Killing.KilledError.class)
                    .isThrownBy(() -> fixture.client(closing(failure, error)).preview(TENANT))
                    .isSameAs(error);
        }
    }

    @Test
    void anErrorOfTheOperationIsNotReplacedByOneAtTheEndOfItsSession() {
        LinkageError first = new LinkageError();
        Killing.KilledError second = new Killing.KilledError();

        assertThatExceptionOfType(LinkageError.class)
                .isThrownBy(() -> fixture.client(closing(first, second)).preview(TENANT))
                .isSameAs(first)
                .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(second));
    }

    @Test
    void anExceptionAtTheEndOfASessionChangesNoResult() {
        assertThat(fixture.client(closing(null, new IllegalStateException()))
                        .preview(TENANT)
                        .outcome())
                .isEqualTo(RefreshOutcome.DRIFTED);
    }

    private PassingDirectory closing(@Nullable Throwable first, Throwable atTheEnd) {
        return new PassingDirectory(fixture.directory) {
            @Override
            protected <T> T call(RefreshContext context, Kind kind, Supplier<T> work) {
                if (first != null) {
                    SessionTest.<RuntimeException>sneak(first);
                }
                return work.get();
            }

            @Override
            protected void close(TenantSession session) {
                session.close();
                SessionTest.<RuntimeException>sneak(atTheEnd);
            }
        };
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
