/** Notices to programs, signed as the Standard Webhooks specification says. */
@NullMarked
package io.daypass.notice.webhook;

import org.jspecify.annotations.NullMarked;
