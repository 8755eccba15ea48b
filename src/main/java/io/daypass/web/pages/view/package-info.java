/** What the pages show, made ready for the templates. */
@NullMarked
package io.daypass.web.pages.view;

import org.jspecify.annotations.NullMarked;
