package io.daypass.cli;

import io.daypass.cli.screen.Columns;
import io.daypass.cli.screen.Plain;
import io.daypass.cli.screen.Times;
import io.daypass.web.api.Wire;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All there is to know of one request, as an approver reads it. */
final class RequestCard {

  private static final int NAMES = 10;

  private final Sentences sentences;
  private final Times times;
  private final List<String> lines = new ArrayList<>();

  RequestCard(Sentences sentences, Times times) {
    this.sentences = sentences;
    this.times = times;
  }

  List<String> lines(Wire.Request request) {
    lines.addAll(sentences.stands(request));
    line("request", request.id());
    line("who", request.requester().shownAs() + " (" + request.requester().issuer() + ")");
    var origin = request.origin();
    if (origin != null) {
      line(
          "from",
          origin.repository() + after(" at ", origin.ref()) + after(" by ", origin.actor()));
      line("run", origin.run());
    }
    line("role", request.role());
    line("for", Sentences.agreedAndAsked(request));
    line("reason", request.reason().isBlank() ? "none given" : request.reason());
    line("ticket", request.ticket());
    line("asked", times.at(Instant.parse(request.madeAt())));
    if (request.startsAt() != null) {
      line("wanted", "from " + times.at(Instant.parse(request.startsAt())));
    }
    line("rule", request.rule());
    line(
        "approval",
        request.approval().isEmpty()
            ? "none needed"
            : "by " + Sentences.approval(request.approval()));
    line("extends", request.extendsRequest());
    var after = request.afterEnd();
    line("at end", after == null ? null : after.detail());
    var alive = request.credentialsLiveUntil();
    line("alive", alive == null ? null : "handed out until " + times.at(Instant.parse(alive)));
    var cut = request.sessionsCut();
    line("cut", cut == null ? null : sentences.cut(cut));
    line("page", request.url());
    return lines;
  }

  private void line(String name, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      lines.add(Columns.fill("  " + name, NAMES + 2) + Plain.line(value));
    }
  }

  private static String after(String word, @Nullable String value) {
    return value == null ? "" : word + value;
  }
}
