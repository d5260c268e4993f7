/** What the tests of several modules use: compiled with each module's tests, published with none. */
@NullMarked
package dev.cpv.testkit;

import org.jspecify.annotations.NullMarked;
