/** {@code make demo}: the walk from a request to the ledger, without a person. */
@NullMarked
package io.daypass.sandbox.demo;

import org.jspecify.annotations.NullMarked;
