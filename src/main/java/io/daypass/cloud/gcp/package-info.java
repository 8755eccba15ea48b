/** Mints access tokens of Google service accounts. */
@NullMarked
package io.daypass.cloud.gcp;

import org.jspecify.annotations.NullMarked;
