package io.daypass.notice;

import io.daypass.identity.CallerId;
import io.daypass.request.RequestId;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something to tell, as it was written when it happened.
 *
 * @param id the same however often it is delivered, so that receivers can drop repeats
 * @param request what it is about; null for what concerns the whole broker
 * @param by who stopped or resumed; null for all else, where the request says it
 * @param detail what else there is to it: reason, cloud, code, tries
 */
public record Notice(
    UUID id,
    NoticeKind kind,
    Instant at,
    @Nullable RequestId request,
    @Nullable UUID issuance,
    @Nullable String role,
    @Nullable CallerId by,
    Map<String, String> detail) {

  public Notice {
    detail = Map.copyOf(detail);
  }
}
