/** Everything around the broker, on loopback: Postgres, people to sign in as, strict clouds. */
@NullMarked
package io.daypass.sandbox;

import org.jspecify.annotations.NullMarked;
