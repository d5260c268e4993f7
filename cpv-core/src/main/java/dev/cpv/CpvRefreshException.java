package dev.cpv;

import dev.cpv.model.CpvException;

/** Thrown by {@link CpvResult#orElseThrow()} alone, for job engines that learn of failure by exception. */
public final class CpvRefreshException extends CpvException {
    private static final long serialVersionUID = 1L;

    private final transient CpvResult result;

    CpvRefreshException(CpvResult result) {
        super(result.toString(), null);
        this.result = result;
    }

    /**
     * Returns what the operation answered.
     *
     * @return the result
     */
    public CpvResult result() {
        return result;
    }
}
