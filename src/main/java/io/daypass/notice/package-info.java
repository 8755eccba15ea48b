/** Telling people what happened to requests, and to the broker. */
@NullMarked
package io.daypass.notice;

import org.jspecify.annotations.NullMarked;
