package dev.cpv;

import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.testing.FakeTenantDirectory.Call.Kind;
import dev.cpv.testing.PassingDirectory;
import java.util.function.Supplier;

/** Ends the program at a call, before or after its effect, as a kill of the process would: nothing of cpv catches it. */
final class Killing extends PassingDirectory {
    private final int fatal;
    private final boolean before;
    private int calls;

    Killing(TenantDirectory directory, int fatal, boolean before) {
        super(directory);
        this.fatal = fatal;
        this.before = before;
    }

    @Override
    protected <T> T call(RefreshContext context, Kind kind, Supplier<T> work) {
        calls++;
        if (calls == fatal && before) {
            throw new KilledError();
        }
        T done = work.get();
        if (calls == fatal) {
            throw new KilledError();
        }
        return done;
    }

    /** The end of the program. */
    static final class KilledError extends Error {
        private static final long serialVersionUID = 1L;
    }
}
