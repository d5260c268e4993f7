package dev.cpv.examples;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** How somebody outside asks a command to end: Ctrl-C, or SIGTERM. */
@FunctionalInterface
interface StopSignal {
    /** Has an action run when somebody asks. The process then lives on until the watch has ended. */
    Watch onStop(Runnable action);

    /** Does some work, which an action ends in order when somebody asks. */
    default <T> T during(Runnable onStop, Supplier<T> work) {
        Watch watch = onStop(onStop);
        try {
            return work.get();
        } finally {
            watch.end();
        }
    }

    /** Until it has ended, the action may run. */
    @FunctionalInterface
    interface Watch {
        void end();
    }

    /** Returns the signal that the system sends to this process. */
    static StopSignal ofProcess() {
        return ShutdownHook::new;
    }

    /** The machine ends the process once its hooks have ended, so the hook waits for the command. */
    final class ShutdownHook implements Watch {
        /** What is under way stops at its next safe point; what has none for so long is ended all the same. */
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
                // It is at work: the process is about to end.
            }
        }
    }
}
