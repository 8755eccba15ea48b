/** What was asked, and what was agreed. */
@NullMarked
package io.daypass.request;

import org.jspecify.annotations.NullMarked;
