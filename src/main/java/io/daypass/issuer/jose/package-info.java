/** Makes, wraps and uses the signing keys. */
@NullMarked
package io.daypass.issuer.jose;

import org.jspecify.annotations.NullMarked;
