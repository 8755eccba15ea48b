/** The HTTP face: routes, problems, limits. */
@NullMarked
package io.daypass.web;

import org.jspecify.annotations.NullMarked;
