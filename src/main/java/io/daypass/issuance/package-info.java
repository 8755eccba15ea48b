/** The one path: verify, decide, record, mint, seal. */
@NullMarked
package io.daypass.issuance;

import org.jspecify.annotations.NullMarked;
