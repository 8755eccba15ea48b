package io.daypass.web.compat;

import io.daypass.cloud.Secret;
import io.daypass.cloud.SessionName;
import io.daypass.issuance.Recognition;
import io.daypass.policy.RoleArn;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.api.Door;
import java.util.Optional;

/**
 * {@code GetCallerIdentity}, which tools ask of the STS that gave them their keys. Daypass has
 * forgotten the secret that the call is signed with; it knows the session token by its fingerprint,
 * as introspection does, and whoever holds it may know whose it is. That proves nothing to others.
 */
record WhoAmI(Door door, Recognition recognition, Targets targets) {

  Answer answer(Call call) {
    var tokens = call.header("x-amz-security-token");
    if (tokens.size() != 1) {
      return StsErrors.unsigned();
    }
    return switch (door.find(call, tokens.getFirst(), this::holder)) {
      case Door.Found.Known(var holder) ->
          targets
              .arnOf(holder.role())
              .map(arn -> told(call, holder, arn))
              .orElseGet(StsErrors::unknownKeys);
      case Door.Found.In<?> _, Door.Found.Unknown<?> _ -> StsErrors.unknownKeys();
      case Door.Found.Out(var problem) -> StsErrors.of(problem);
    };
  }

  private Optional<Recognition.Holder> holder(String token) {
    return recognition.holderOf(new Secret(token));
  }

  private static Answer told(Call call, Recognition.Holder holder, RoleArn arn) {
    var session = SessionName.of(holder.identity(), holder.request());
    return StsXml.answer(
        200,
        new StsXml()
            .open("GetCallerIdentityResponse")
            .open("GetCallerIdentityResult")
            .text("Arn", sessionArn(arn, session))
            // AWS has its own id of the role there, which nobody told Daypass.
            .text("UserId", arn.name() + ':' + session.value())
            .text("Account", arn.account())
            .close()
            .open("ResponseMetadata")
            .text("RequestId", call.trace())
            .close()
            .close());
  }

  static String sessionArn(RoleArn arn, SessionName session) {
    return "arn:%s:sts::%s:assumed-role/%s/%s"
        .formatted(arn.partition(), arn.account(), arn.name(), session.value());
  }
}
