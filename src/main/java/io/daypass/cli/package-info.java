/**
 * The terminal face.
 *
 * <p>A command of the client extends {@link io.daypass.cli.ClientCommand} and is listed in {@link
 * io.daypass.cli.ClientCommands}; {@link io.daypass.cli.Api} calls the broker with records of the
 * wire. Below, {@code client} is what all of them need and loads no framework.
 */
@NullMarked
package io.daypass.cli;

import org.jspecify.annotations.NullMarked;
