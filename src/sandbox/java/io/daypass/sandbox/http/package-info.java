/** How the stand-ins speak HTTP, record what they saw and misbehave on demand. */
@NullMarked
package io.daypass.sandbox.http;

import org.jspecify.annotations.NullMarked;
