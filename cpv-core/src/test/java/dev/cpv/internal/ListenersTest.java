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
    void anErrorPassesThrough() {
        Listeners<Consumer<String>> listeners = listeners(List.of(event -> {
            throw new AssertionError("On purpose");
        }));

        assertThatThrownBy(() -> listeners.call(listener -> listener.accept("started")))
                .isInstanceOf(AssertionError.class);
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
