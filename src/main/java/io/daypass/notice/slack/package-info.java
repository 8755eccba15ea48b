/** Notices to Slack, by an incoming webhook. */
@NullMarked
package io.daypass.notice.slack;

import org.jspecify.annotations.NullMarked;
