package dev.cpv.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void R6_pausesDoubleUpToThirtySeconds() {
        assertThat(Stream.iterate(Backoff.first(), Backoff::next)
                        .limit(8)
                        .map(backoff -> backoff.pause().toSeconds()))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void R6_lastPauseEndsAtTheBound() {
        Backoff backoff = Backoff.first().next().next();

        assertThat(backoff.atMost(Duration.ofMillis(3999))).isEqualTo(Duration.ofMillis(3999));
        assertThat(backoff.atMost(Duration.ofSeconds(4))).isEqualTo(Duration.ofSeconds(4));
        assertThat(backoff.atMost(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(4));
    }
}
