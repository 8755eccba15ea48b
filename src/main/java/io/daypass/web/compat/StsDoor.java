package io.daypass.web.compat;

import io.daypass.cloud.Credential;
import io.daypass.cloud.Credential.AwsSession;
import io.daypass.cloud.Credential.AzureToken;
import io.daypass.cloud.Credential.GoogleToken;
import io.daypass.cloud.Credential.OidcToken;
import io.daypass.cloud.SessionName;
import io.daypass.identity.Caller;
import io.daypass.issuance.Errand;
import io.daypass.issuance.Issuance;
import io.daypass.issuance.Terms;
import io.daypass.policy.RoleArn;
import io.daypass.policy.Target;
import io.daypass.request.RequestId;
import io.daypass.web.Answer;
import io.daypass.web.Call;
import io.daypass.web.Problem;
import io.daypass.web.Route;
import io.daypass.web.Route.Body;
import io.daypass.web.Route.Lane;
import io.daypass.web.api.Door;
import io.daypass.web.api.Show;
import io.daypass.web.api.Translation;
import java.util.List;

/**
 * {@code POST /sts}: as much of the AWS STS Query API as an SDK needs for {@code
 * AssumeRoleWithWebIdentity} (STS API reference, version 2011-06-15), and whose keys came of it.
 * The caller's session name and tags are not obeyed: Daypass sets its own.
 */
record StsDoor(Door door, Issuance issuance, Show show, Targets targets, WhoAmI whoAmI) {

  List<Route> routes() {
    // Some SDKs put a slash behind the path of an endpoint; the one for Java leaves the path out.
    return List.of(post("/sts"), post("/sts/"), post("/"), get("/sts"), get("/sts/"));
  }

  private Route post(String path) {
    return new Route("POST", path, Lane.WORK, Body.FORM, this::assume).refusal(StsErrors::of);
  }

  // A token has no place in a URL, where logs and proxies keep it.
  private static Route get(String path) {
    return new Route("GET", path, Lane.MEMORY, Body.NONE, _ -> StsErrors.of(StsForm.byGet()))
        .refusal(StsErrors::of);
  }

  private Answer assume(Call call) {
    return switch (StsForm.of(call.body())) {
      case StsForm.Refused(var problem) -> StsErrors.of(problem);
      case StsForm.WhoAmI _ -> whoAmI.answer(call);
      case StsForm.Assume assume -> {
        var role = targets.byArn(assume.roleArn().toString()).orElse(assume.roleArn().toString());
        yield switch (door.taker(call, assume.token(), role)) {
          case Door.Entry.Out(var problem) -> StsErrors.of(problem);
          case Door.Entry.In(var caller) -> issue(call, caller, role, assume);
        };
      }
    };
  }

  private Answer issue(Call call, Caller caller, String role, StsForm.Assume assume) {
    var errand = Errand.to(role).comingAgain();
    var duration = assume.duration();
    var terms = new Terms(Target.Aws.class::isInstance, () -> true);
    var answer =
        issuance.issue(
            caller,
            duration == null ? errand : errand.within(duration),
            door.circumstances(call),
            terms);
    return answer(call, caller, assume.roleArn(), answer);
  }

  private Answer answer(Call call, Caller caller, RoleArn arn, io.daypass.issuance.Answer answer) {
    return switch (answer) {
      case io.daypass.issuance.Answer.Issued(var issued, var request, var credential, _) ->
          assumed(call, caller, arn, request, credential)
              .header("Daypass-Issuance", issued.toString())
              .header("Daypass-Request", request.value());
      case io.daypass.issuance.Answer.Pending(var request, _) ->
          refused(
              door.tooSoon(caller)
                  .orElseGet(() -> Translation.pending(request.id().value(), show.url(request))));
      case io.daypass.issuance.Answer.Denied(var denial) ->
          denial.rule() == null ? StsErrors.notAllowed(arn) : refused(Translation.of(denial));
      case io.daypass.issuance.Answer.No no -> refused(Translation.of(no));
      case io.daypass.issuance.Answer.ConsoleLink _ -> refused(Translation.noSuchDestination());
    };
  }

  private static Answer refused(Problem problem) {
    return StsErrors.of(problem);
  }

  private static Answer assumed(
      Call call, Caller caller, RoleArn arn, RequestId request, Credential credential) {
    return switch (credential) {
      case AwsSession aws -> {
        var session = SessionName.of(caller.identity(), request);
        yield StsXml.answer(
            200,
            new StsXml()
                .open("AssumeRoleWithWebIdentityResponse")
                .open("AssumeRoleWithWebIdentityResult")
                .text("SubjectFromWebIdentityToken", caller.id().subject())
                .open("AssumedRoleUser")
                .text("Arn", WhoAmI.sessionArn(arn, session))
                .close()
                .open("Credentials")
                .text("AccessKeyId", aws.accessKeyId())
                .text("SecretAccessKey", aws.secretAccessKey().reveal())
                .text("SessionToken", aws.sessionToken().reveal())
                .text("Expiration", Show.seconds(aws.expiresAt()))
                .close()
                .close()
                .open("ResponseMetadata")
                .text("RequestId", call.trace())
                .close()
                .close());
      }
      case GoogleToken _, AzureToken _, OidcToken _ ->
          throw new IllegalStateException("the terms of this door are sessions in AWS");
    };
  }
}
