/** Signing a person in at the company's issuer: with a browser here, or with one elsewhere. */
@NullMarked
package io.daypass.cli.signin;

import org.jspecify.annotations.NullMarked;
