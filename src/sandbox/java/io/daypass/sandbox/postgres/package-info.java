/** A real Postgres that can be stopped, frozen and killed. */
@NullMarked
package io.daypass.sandbox.postgres;

import org.jspecify.annotations.NullMarked;
