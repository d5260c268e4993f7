package dev.cpv;

import dev.cpv.model.CpvException;

/**
 * Carries a result in which something failed. Thrown by {@link CpvResult#orElseThrow()}, for job engines that expect an
 * exception on failure, and by {@link CpvClient#resolve}.
 */
public final class CpvRefreshException extends CpvException {
    private static final long serialVersionUID = 1L;

    private final transient CpvResult result;

    CpvRefreshException(CpvResult result) {
        super(result.toString(), null);
        this.result = result;
    }

    /** Returns the result. */
    public CpvResult result() {
        return result;
    }
}
