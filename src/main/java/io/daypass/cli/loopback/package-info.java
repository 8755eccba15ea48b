/** Small servers that only this machine can reach, for as long as one command runs. */
@NullMarked
package io.daypass.cli.loopback;

import org.jspecify.annotations.NullMarked;
