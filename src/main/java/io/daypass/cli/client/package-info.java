/**
 * What every command of a client needs: where it runs, who is signed in, and the way to the broker.
 *
 * <p>Nothing here loads a framework: the commands that SDKs run for every call stand on it alone.
 * {@link io.daypass.cli.client.Local} is the machine, {@link io.daypass.cli.client.Broker} sends
 * calls with the caller's token, {@link io.daypass.cli.client.Failure} ends a command with an
 * error, a hint and an exit code.
 */
@NullMarked
package io.daypass.cli.client;

import org.jspecify.annotations.NullMarked;
