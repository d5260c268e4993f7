package dev.cpv.graph.simulator;

import java.time.Instant;

/** The time from which each kind of read sees an object. */
record Visibility(Instant list, Instant byId, Instant byAlternateKey, Instant reference) {

    boolean seenBy(ReadKind kind, Instant now) {
        Instant from = switch (kind) {
            case LIST -> list;
            case BY_ID -> byId;
            case BY_ALTERNATE_KEY -> byAlternateKey;
            case REFERENCE -> reference;
        };
        return !now.isBefore(from);
    }
}
