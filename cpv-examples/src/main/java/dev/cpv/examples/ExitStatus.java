package dev.cpv.examples;

/** The exit statuses of the command line. */
final class ExitStatus {
    /** All tenants are in sync, drifted (dry run) or skipped. */
    static final int OK = 0;
    /** Some tenant has any other outcome. */
    static final int SOME_NOT_WELL = 1;
    /** Wrong usage or configuration; nothing was sent. */
    static final int USAGE = 2;

    private ExitStatus() {}
}
