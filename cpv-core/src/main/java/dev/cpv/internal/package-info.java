/** What several packages of the module need and nobody outside sees. Not exported. */
@NullMarked
package dev.cpv.internal;

import org.jspecify.annotations.NullMarked;
