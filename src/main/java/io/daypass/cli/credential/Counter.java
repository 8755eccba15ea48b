package io.daypass.cli.credential;

import io.daypass.cli.client.Bearer;
import io.daypass.cli.client.Broker;
import io.daypass.cli.client.Local;
import io.daypass.cli.client.Members;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Where a role's credentials are asked for. A pipeline's token opens one request and no more, so
 * who had to wait for people comes again with the poll token that was given for that.
 */
public final class Counter {

  private final Broker broker;
  private final PollTokens polls;

  /** That of {@code broker}; {@code notes} hears what is odd, never a secret. */
  public Counter(Local local, Broker broker, Consumer<String> notes) {
    this.broker = broker;
    this.polls = new PollTokens(local, notes);
  }

  /** What {@code bearer} is answered who asks for credentials of {@code role}. */
  public Broker.Answer ask(Bearer bearer, String role) {
    var shown = polls.inPlaceOf(bearer, role);
    var path = "/v1/roles/" + role + "/credentials";
    var answer = broker.send(shown, "POST", path, null, Map.of());
    if (answer instanceof Broker.Answer.Given(var reply) && reply.status() == 202) {
      Members.read(reply.body()).ifPresent(waits -> polls.keep(bearer, role, waits));
    }
    if (answer instanceof Broker.Answer.Refused(var refusal, _) && refusal.endsWaiting()) {
      polls.forget(bearer, role);
    }
    return answer;
  }
}
