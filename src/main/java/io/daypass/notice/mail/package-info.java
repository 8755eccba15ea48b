/** Notices by mail. */
@NullMarked
package io.daypass.notice.mail;

import org.jspecify.annotations.NullMarked;
