/** Reading and writing JSON; the only package of the module that sees Jackson. Not exported. */
@NullMarked
package dev.cpv.internal.json;

import org.jspecify.annotations.NullMarked;
