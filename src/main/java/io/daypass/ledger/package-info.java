/** What happened, written down first. */
@NullMarked
package io.daypass.ledger;

import org.jspecify.annotations.NullMarked;
