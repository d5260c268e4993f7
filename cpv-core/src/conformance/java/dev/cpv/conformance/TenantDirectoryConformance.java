package dev.cpv.conformance;

import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantSession;
import org.junit.jupiter.api.Nested;

/**
 * The rules of {@link TenantDirectory} and {@link TenantSession}, as tests: {@link ObserveConformance},
 * {@link ApplyConformance} and {@link ResetConformance} in one. Extend it in your own tests and hand in what is tested:
 *
 * <pre>{@code
 * class MyDirectoryConformanceTest extends TenantDirectoryConformance {
 *     @Override
 *     protected TenantDirectorySubject subject() {
 *         return new MySubject();
 *     }
 * }
 * }</pre>
 *
 * <p>The names of the tests begin with the number of the rule, as do their messages. As the engine does, each test looks
 * at the tenant before it writes, within the same session. What is written is checked by {@link TenantDirectorySubject#read},
 * not by the directory.
 */
public abstract class TenantDirectoryConformance {
    /** Creates the suite; JUnit does so before each test. */
    protected TenantDirectoryConformance() {}

    /**
     * Returns what is tested; called once before each test.
     *
     * @return a new subject, or one that lasts: the tests share no tenant
     */
    protected abstract TenantDirectorySubject subject();

    /** How a session opens, what it sees, and how it ends. */
    @Nested
    public class Observe extends ObserveConformance {
        /** Creates the suite; JUnit does so before each test. */
        public Observe() {}

        @Override
        protected final TenantDirectorySubject subject() {
            return TenantDirectoryConformance.this.subject();
        }
    }

    /** How a session consents and writes. */
    @Nested
    public class Apply extends ApplyConformance {
        /** Creates the suite; JUnit does so before each test. */
        public Apply() {}

        @Override
        protected final TenantDirectorySubject subject() {
            return TenantDirectoryConformance.this.subject();
        }
    }

    /** What a session does for a reset. */
    @Nested
    public class Reset extends ResetConformance {
        /** Creates the suite; JUnit does so before each test. */
        public Reset() {}

        @Override
        protected final TenantDirectorySubject subject() {
            return TenantDirectoryConformance.this.subject();
        }
    }
}
