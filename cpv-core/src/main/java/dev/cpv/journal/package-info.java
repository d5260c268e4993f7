/**
 * Journals and stores that come with cpv: {@link dev.cpv.journal.InMemoryRefreshJournal} and {@link dev.cpv.journal.InMemoryFleetStore},
 * the defaults, which are not durable, and {@link dev.cpv.journal.FileRefreshJournal} and {@link dev.cpv.journal.FileFleetStore}, which
 * keep a directory of one machine. Others implement the ports of {@link dev.cpv.spi}.
 */
@NullMarked
package dev.cpv.journal;

import org.jspecify.annotations.NullMarked;
