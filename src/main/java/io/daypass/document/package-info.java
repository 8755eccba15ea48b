/** What stands in a file, and where. */
@NullMarked
package io.daypass.document;

import org.jspecify.annotations.NullMarked;
