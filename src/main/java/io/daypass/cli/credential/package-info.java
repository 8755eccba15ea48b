/**
 * Credentials for SDKs and tools that run a program for every call: from a cache that all processes
 * share, or from the broker, asked by one process while the others wait.
 *
 * <p>{@link io.daypass.cli.credential.Quick} answers such a command before any framework is loaded;
 * another cloud's tools are served by one more {@link io.daypass.cli.credential.Format}.
 */
@NullMarked
package io.daypass.cli.credential;

import org.jspecify.annotations.NullMarked;
