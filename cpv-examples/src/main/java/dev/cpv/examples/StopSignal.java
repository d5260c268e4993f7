package dev.cpv.examples;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How somebody outside asks a command to end: Ctrl-C, or SIGTERM. */
@FunctionalInterface
interface StopSignal {
    /** Has an action run when somebody asks. The process then lives on until the watch is closed. */
    Watch onStop(Runnable action);

    /** As long as it is open, the action may run. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Returns the signal that the system sends to this process. */
    static StopSignal ofProcess() {
        return ShutdownHook::new;
    }

    /** The machine ends the process once its hooks have ended, so the hook waits for the command. */
    final class ShutdownHook implements Watch {
        /** What is under way stops at its next safe point. Whoever does not come there in this time is ended all the same. */
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
        public void close() {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // It is at work: the process is about to end.
            }
        }
    }
}
