package dev.cpv.examples;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A request from outside to end the command: Ctrl-C or SIGTERM. */
@FunctionalInterface
interface StopSignal {
    /** Registers an action for the signal. The process then stays alive until the watch has ended. */
    Watch onStop(Runnable action);

    /** Does some work. If the signal arrives, the action ends the work in order. */
    default <T> T during(Runnable onStop, Supplier<T> work) {
        Watch watch = onStop(onStop);
        try {
            return work.get();
        } finally {
            watch.end();
        }
    }

    /** The action may run until the watch is closed. */
    @FunctionalInterface
    interface Watch {
        void end();
    }

    /** Returns the signal that the operating system sends to this process. */
    static StopSignal ofProcess() {
        return ShutdownHook::new;
    }

    /** The JVM ends once its shutdown hooks have ended, so the hook waits for the command. */
    final class ShutdownHook implements Watch {
        /** Operations stop at their next safe point; the process ends after this time even if one has not stopped. */
        private static final Duration PATIENCE = Duration.ofMinutes(2);

        private final CountDownLatch ended = new CountDownLatch(1);
        private final Thread hook;

        ShutdownHook(Runnable action) {
            hook = new Thread(
                    () -> {
                        action.run();
                        awaitEnd();
                    },
                    "cpv-stop");
            Runtime.getRuntime().addShutdownHook(hook);
        }

        private void awaitEnd() {
            try {
                var unused = ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void end() {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The hook is running: the process is about to end.
            }
        }
    }
}
