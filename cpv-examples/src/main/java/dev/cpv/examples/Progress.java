package dev.cpv.examples;

import dev.cpv.CpvResult;
import java.io.PrintStream;
import java.util.concurrent.locks.ReentrantLock;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows the progress of a run on standard error and passes results on. */
interface Progress extends AutoCloseable {
    /** A tenant ended: prints its result and advances. */
    void print(CpvResult result, Runnable printing);

    @Override
    void close();

    /** A bar on a terminal. Elsewhere the table itself shows the progress; with JSON there is a plain line for each tenant. */
    static Progress on(Surroundings surroundings, boolean json, int tenants) {
        if (surroundings.terminal()) {
            return new Bar(surroundings.err(), tenants);
        }
        return json ? new Lines(surroundings.err(), tenants) : new None();
    }

    /** Shows nothing. */
    final class None implements Progress {
        @Override
        public void print(CpvResult result, Runnable printing) {
            printing.run();
        }

        @Override
        public void close() {}
    }

    /** Shows a line for each tenant. */
    final class Lines implements Progress {
        private final PrintStream err;
        private final int tenants;
        private int ended;

        Lines(PrintStream err, int tenants) {
            this.err = err;
            this.tenants = tenants;
        }

        @Override
        public void print(CpvResult result, Runnable printing) {
            printing.run();
            ended++;
            err.println(ended + "/" + tenants + " " + result.tenant() + " " + result.outcome()
                    + result.failure().map(failure -> ": " + failure).orElse(""));
        }

        @Override
        public void close() {}
    }

    /** Shows a bar on the last line of a terminal. The bar is drawn by another thread, so printing is synchronized. */
    final class Bar implements Progress {
        private static final String ERASE = "\r\u001b[K";
        private static final int WIDTH = 79;

        private final PrintStream err;
        private final ReentrantLock screen = new ReentrantLock();
        private final ProgressBar bar;

        Bar(PrintStream err, int tenants) {
            this.err = err;
            this.bar = new ProgressBarBuilder()
                    .setTaskName("Tenants")
                    .setInitialMax(tenants)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(200)
                    .setMaxRenderedLength(WIDTH)
                    .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH))
                    .build();
        }

        private void draw(String text) {
            show(() -> err.print(ERASE + text));
        }

        @Override
        public void print(CpvResult result, Runnable printing) {
            show(() -> {
                err.print(ERASE);
                err.flush();
                printing.run();
            });
            bar.step();
        }

        @Override
        public void close() {
            bar.close();
            show(() -> err.print(ERASE));
        }

        private void show(Runnable printing) {
            screen.lock();
            try {
                printing.run();
                err.flush();
            } finally {
                screen.unlock();
            }
        }
    }
}
