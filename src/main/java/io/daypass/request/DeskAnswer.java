package io.daypass.request;

import io.daypass.policy.Denial;

/** Everything a call about a request can come to. */
public sealed interface DeskAnswer {

  /** A request was made. */
  record Made(AccessRequest request) implements DeskAnswer {}

  /** The same call, or the same wish still pending, had made it before. */
  record Existing(AccessRequest request) implements DeskAnswer {}

  /** The change was made. */
  record Done(AccessRequest request) implements DeskAnswer {}

  /** The policies say no. */
  record Denied(Denial denial) implements DeskAnswer {}

  /** There is none, or none that the caller may know of: the same answer for both. */
  record NotFound() implements DeskAnswer {}

  /** It cannot be done as asked. */
  record Refused(RefusalCode code) implements DeskAnswer {}
}
