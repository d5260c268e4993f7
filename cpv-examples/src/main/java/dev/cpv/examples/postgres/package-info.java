/** State that must outlive a process, in PostgreSQL, for cpv on several machines. */
@NullMarked
package dev.cpv.examples.postgres;

import org.jspecify.annotations.NullMarked;
