/** The pages: what people see who come with a browser, and how they sign in. */
@NullMarked
package io.daypass.web.pages;

import org.jspecify.annotations.NullMarked;
