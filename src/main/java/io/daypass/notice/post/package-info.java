/** HTTP for the media that speak it. */
@NullMarked
package io.daypass.notice.post;

import org.jspecify.annotations.NullMarked;
