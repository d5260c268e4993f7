/** What several packages of the module share. Not exported. */
@NullMarked
package dev.cpv.internal;

import org.jspecify.annotations.NullMarked;
