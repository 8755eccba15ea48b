/** Reads the policies from files, strictly, and watches them. */
@NullMarked
package io.daypass.policy.yaml;

import org.jspecify.annotations.NullMarked;
