package io.daypass.sandbox.demo;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;

/** The walk: request, approval, credential, console, a pipeline, revocation, ledger. */
public final class Walk {

  private static final String ROLE = "prod-readonly";
  private static final String REASON = "the demo looks at the logs";

  /** A tenth of a second apart: it takes a call or two to AWS. */
  private static final int LOOKS = 100;

  private final String broker;
  private final String sandbox;
  private final Script script;

  private String alice = "";
  private String bob = "";
  private String request = "";
  private Instant made = Instant.EPOCH;
  private Instant end = Instant.EPOCH;
  private JsonObject keys = new JsonObject();

  /** A walk over a broker and the sandbox it is wired to; both as URLs without a last slash. */
  public Walk(String broker, String sandbox, PrintStream out) {
    this.broker = broker;
    this.sandbox = sandbox;
    this.script = new Script(out);
  }

  /**
   * Walks, printing what was answered but no secret.
   *
   * @return how many steps held, which is all of them
   * @throws Broken at the first step that does not hold
   */
  public int run() throws Broken, InterruptedException {
    try {
      alice = token("alice");
      bob = token("bob");
      tidyUp();
      request();
      selfApproval();
      approval();
      credential();
      identity();
      console();
      pipeline();
      revocation();
      new LedgerWalk(broker, made, script, token("erin"), alice).run(request);
      return script.steps();
    } catch (IOException e) {
      throw script.broken("no answer: " + e.getMessage());
    }
  }

  private String token(String person) throws IOException, InterruptedException {
    return Asked.get(sandbox + "/staff/token?person=" + person).body();
  }

  /** What an earlier walk, or somebody trying things, left open would answer in our place. */
  private void tidyUp() throws IOException, InterruptedException {
    for (var open : List.of("approved return", "pending cancel")) {
      var parts = open.split(" ", -1);
      var url = broker + "/v1/requests?mine=true&role=" + ROLE + "&state=" + parts[0];
      for (var left : Asked.get(url, alice).list("requests")) {
        if (left instanceof JsonObject one) {
          var id = one.getString("id");
          script.says("(" + parts[1] + " alice's earlier request " + id + ")");
          var body = new JsonObject();
          Asked.post(broker + "/v1/requests/" + id + "/" + parts[1], alice, body);
        }
      }
    }
  }

  private Asked on(String verb, String token, JsonObject body)
      throws IOException, InterruptedException {
    return Asked.post(broker + "/v1/requests/" + request + "/" + verb, token, body);
  }

  private void request() throws Broken, IOException, InterruptedException {
    script.step("Alice, an engineer, asks to read production for five minutes");
    var wish = new JsonObject().put("role", ROLE).put("duration", "5m").put("reason", REASON);
    var asked = Asked.post(broker + "/v1/requests", alice, wish);
    script.answered(asked, 201);
    request = asked.text("id");
    made = script.instant(asked, "made_at");
    script.shows("id", request);
    script.shows("page", asked.text("url"));
    script.shows("state", asked.text("state"));
    script.shows("approval", asked.list("approval").encode());
    script.must(asked.text("state").equals("pending"), "it waits for a lead");
    script.must(
        asked.text("url").equals(broker + "/requests/" + request), "people are led to its page");
  }

  private void selfApproval() throws Broken, IOException, InterruptedException {
    script.step("Alice cannot approve it herself");
    script.refused(on("approve", alice, new JsonObject()), 403, "self_approval");
  }

  private void approval() throws Broken, IOException, InterruptedException {
    script.step("Bob, a lead, approves it");
    var asked = on("approve", bob, new JsonObject().put("comment", "go ahead"));
    script.answered(asked, 200);
    end = script.instant(asked, "grant_ends_at");
    script.shows("state", asked.text("state"));
    script.shows("grant_ends_at", end);
    script.must(asked.text("state").equals("approved"), "it is approved");
    var life = Duration.between(script.instant(asked, "grant_starts_at"), end);
    script.must(life.equals(Duration.ofMinutes(5)), "the grant lasts five minutes");
  }

  private void credential() throws Broken, IOException, InterruptedException {
    script.step("Alice takes AWS keys, and they end with the grant");
    var asked = Asked.post(broker + "/v1/roles/" + ROLE + "/credentials", alice, new JsonObject());
    script.answered(asked, 200);
    keys = asked.json();
    script.shows("AccessKeyId", asked.text("AccessKeyId"));
    script.shows("SecretAccessKey, SessionToken", "[not shown]");
    script.shows("Expiration", asked.text("Expiration"));
    script.must(
        script.instant(asked, "Expiration").equals(end), "Expiration is the end of the grant");
    var allowed = Asked.get(sandbox + "/aws/allowed?access_key_id=" + asked.text("AccessKeyId"));
    script.answered(allowed, 200);
    script.shows("expires_at (the cloud's floor is 15 minutes)", allowed.text("expires_at"));
    script.shows("policy_end", allowed.text("policy_end"));
    script.shows("tags", allowed.json().getJsonObject("tags", new JsonObject()).encode());
    script.must(
        script.instant(allowed, "policy_end").equals(end),
        "the session policy denies from then on");
  }

  private void identity() throws Broken {
    script.step("AWS's own SDK signs a call with the keys");
    try {
      var who = CloudIdentity.of(keys, sandbox + "/aws/sts");
      script.says("sts:GetCallerIdentity");
      script.shows("Arn", who.arn());
      script.must(
          who.arn().contains(":assumed-role/daypass-" + ROLE + "/"), "it is the approved role");
    } catch (SdkException e) {
      throw script.broken("GetCallerIdentity failed with " + e.getClass().getSimpleName());
    }
  }

  private void console() throws Broken, IOException, InterruptedException {
    script.step("Alice opens the console");
    var asked = Asked.post(broker + "/v1/roles/" + ROLE + "/console", alice, new JsonObject());
    script.answered(asked, 200);
    var url = asked.text("url");
    script.shows("url", url.replaceAll("(SigninToken=)[^&]*", "$1[not shown]"));
    script.shows("expires_at", asked.text("expires_at"));
    script.must(script.instant(asked, "expires_at").equals(end), "it ends with the grant as well");
    var page = Asked.get(url);
    script.answered(page, 200);
    script.must(page.body().contains("Signed in to the console"), "the link signs in");
    script.must(Asked.get(url).status() != 200, "the link works once");
  }

  private void pipeline() throws Broken, IOException, InterruptedException {
    script.step("A pipeline deploys with the token of its run, once");
    var url = sandbox + "/github/token?audience=" + broker;
    var run = Asked.get(url).text("value");
    var deploy = broker + "/v1/roles/ci-deploy/credentials";
    var asked = Asked.post(deploy, run, new JsonObject());
    script.answered(asked, 200);
    script.shows("AccessKeyId", asked.text("AccessKeyId"));
    script.shows("Expiration", asked.text("Expiration"));
    script.refused(Asked.post(deploy, run, new JsonObject()), 403, "token_already_used");
  }

  private void revocation() throws Broken, IOException, InterruptedException {
    script.step("Bob revokes Alice's grant");
    var asked = on("revoke", bob, new JsonObject().put("reason", "enough seen"));
    script.answered(asked, 200);
    script.shows("state", asked.text("state"));
    script.must(asked.text("state").equals("revoked"), "it is revoked");
    script.refused(
        Asked.post(broker + "/v1/roles/" + ROLE + "/credentials", alice, new JsonObject()),
        403,
        "grant_revoked");
    script.step("AWS denies the keys that are out everything");
    var cut = awaitCut();
    script.shows("sessions_cut", cut.encode());
    script.must(cut.getString("state", "").equals("applied"), "AWS took note");
    var keyId = keys.getString("AccessKeyId");
    var allowed = Asked.get(sandbox + "/aws/allowed?access_key_id=" + keyId);
    script.answered(allowed, 200);
    script.shows("why", allowed.text("why"));
    script.must(!allowed.json().getBoolean("allowed", true), "the keys are good for nothing now");
  }

  private JsonObject awaitCut() throws IOException, InterruptedException {
    for (int i = 0; ; i++) {
      var read = Asked.get(broker + "/v1/requests/" + request, bob).json();
      var cut = read.getJsonObject("sessions_cut", new JsonObject());
      if (cut.getString("state", "").equals("applied") || i == LOOKS) {
        return cut;
      }
      Thread.sleep(100);
    }
  }
}
