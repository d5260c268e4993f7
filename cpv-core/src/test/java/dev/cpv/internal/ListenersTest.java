package dev.cpv.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ListenersTest {
    private final List<String> calls = new ArrayList<>();

    @Test
    void listenersAreCalledInTheirOrderOrInReverse() {
        Listeners<Consumer<String>> listeners = listeners(List.of(named("a"), named("b"), named("c")));

        listeners.call(listener -> listener.accept("started"));
        listeners.callInReverse(listener -> listener.accept("finished"));

        assertThat(calls)
                .containsExactly("a started", "b started", "c started", "c finished", "b finished", "a finished");
    }

    @Test
    void aListenerThatThrowsKeepsNoOtherFromBeingCalled() {
        Listeners<Consumer<String>> listeners = listeners(List.of(named("a"), ListenersTest::fault, named("c")));

        listeners.call(listener -> listener.accept("started"));
        listeners.callInReverse(listener -> listener.accept("finished"));

        assertThat(calls).containsExactly("a started", "c started", "c finished", "a finished");
    }

    @Test
    void anErrorIsThrownOnAfterAllOthersWereCalled() {
        AssertionError first = new AssertionError("first");
        AssertionError second = new AssertionError("second");
        Listeners<Consumer<String>> listeners =
                listeners(List.of(named("a"), failing(first), named("b"), failing(second), named("c")));

        assertThatThrownBy(() -> listeners.call(listener -> listener.accept("started")))
                .isSameAs(first)
                .hasSuppressedException(second);
        assertThatThrownBy(() -> listeners.callInReverse(listener -> listener.accept("finished")))
                .isSameAs(second);

        assertThat(calls)
                .containsExactly("a started", "b started", "c started", "c finished", "b finished", "a finished");
    }

    private static Consumer<String> failing(Error error) {
        return event -> {
            throw error;
        };
    }

    private static void fault(String event) {
        throw new IllegalStateException("On purpose at " + event);
    }

    private Consumer<String> named(String name) {
        return event -> calls.add(name + " " + event);
    }

    private static Listeners<Consumer<String>> listeners(List<Consumer<String>> all) {
        return new Listeners<>(all, LoggerFactory.getLogger(ListenersTest.class), "the test goes on");
    }
}
