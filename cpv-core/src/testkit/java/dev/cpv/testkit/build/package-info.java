/** What the two published modules are held to: the rules of the house, and the public API as it was last agreed upon. */
@NullMarked
package dev.cpv.testkit.build;

import org.jspecify.annotations.NullMarked;
