package io.daypass.cloud.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.daypass.cloud.CutStore.Claimed;
import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.SessionCutter;
import io.daypass.cloud.Waits;
import io.daypass.issuer.Signing;
import io.daypass.request.RequestId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is sent and what is made of the answers; that strict stand-ins take it is {@code
 * RevokedSessionsTest}'s.
 */
class AwsCutterTest {

  private static final String ROLE = "arn:aws:iam::123456789012:role/ops/daypass-prod";
  private static final UUID CLAIM = new UUID(7, 7);
  private static final Signing.Ring RING = Signing.Ring.made();

  private final Queue<String> answers = new ArrayDeque<>();
  private final List<Map<String, String>> asked = new ArrayList<>();
  private String own = "arn:aws:sts::123456789012:assumed-role/daypass-revoker/daypass-revoker";
  private int room = Integer.MAX_VALUE;
  private int standing;
  private int applied;
  private String stands = "";
  private final HttpServer server = server();

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private HttpServer server() {
    try {
      var made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      made.createContext("/", this::answer);
      made.start();
      return made;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var form = new HashMap<String, String>();
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      for (var pair : body.split("&", -1)) {
        var parts = pair.split("=", 2);
        form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
      asked.add(form);
      var action = form.getOrDefault("Action", "");
      var refusal = action.equals("AssumeRoleWithWebIdentity") ? null : answers.poll();
      if (form.getOrDefault("PolicyDocument", "").length() > room) {
        refusal = "LimitExceeded";
      } else if (form.containsKey("PolicyDocument")) {
        stands = form.getOrDefault("PolicyDocument", "");
      }
      if (refusal != null && !refusal.isEmpty()) {
        StrictSts.send(
            exchange,
            refusal.equals("NoSuchEntity") ? 404 : 400,
            StrictSts.errorXml(refusal, "no"));
        return;
      }
      var result = action.equals("AssumeRoleWithWebIdentity") ? session() : "";
      StrictSts.send(
          exchange,
          200,
          "<%1$sResponse><%1$sResult>%2$s</%1$sResult></%1$sResponse>".formatted(action, result));
    }
  }

  private String session() {
    return """
    <SubjectFromWebIdentityToken>daypass:revoker</SubjectFromWebIdentityToken>
    <AssumedRoleUser><Arn>%s</Arn><AssumedRoleId>AROA:daypass-revoker</AssumedRoleId></AssumedRoleUser>
    <Credentials><AccessKeyId>ASIAA2B3C4D5E6F7G8H9</AccessKeyId>
    <SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken>
    <Expiration>2026-11-21T11:00:00Z</Expiration></Credentials>
    """
        .formatted(own, "s".repeat(40), "t".repeat(40));
  }

  private AwsCutter cutter(@Nullable String revoker) {
    var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new AwsCutter(
        new AwsConfig(
            Signing.ISSUER,
            AwsConfig.DEFAULT_AUDIENCE,
            AwsConfig.DEFAULT_REGION,
            new AwsConfig.Endpoints(url, url, null),
            revoker,
            Waits.QUICK),
        RING.ready(Signing.ISSUER, InstantSource.fixed(Grants.NOW)),
        InstantSource.fixed(Grants.NOW),
        RandomGenerator.getDefault());
  }

  private SessionCutter.Denied deny(RequestId... requests) throws MintException {
    try (var cutter = cutter("daypass-revoker")) {
      return cutter.deny(new Claimed("aws", ROLE, CLAIM, List.of(requests), standing, applied, 1));
    }
  }

  private static RequestId[] requests(int many) {
    return IntStream.range(0, many)
        .mapToObj("%016d"::formatted)
        .map(RequestId::new)
        .toArray(RequestId[]::new);
  }

  private static SessionCutter.Denied all(int many) {
    return new SessionCutter.Denied(many, false);
  }

  /** How many each document that was sent would have denied. */
  private List<Integer> documents() {
    return asked.stream()
        .map(form -> form.getOrDefault("PolicyDocument", ""))
        .filter(document -> !document.isEmpty())
        .map(document -> document.substring(document.indexOf('[', document.indexOf("Tag/"))))
        .map(ids -> ids.split(",", -1).length)
        .toList();
  }

  private String sent(String parameter) {
    return asked.getLast().getOrDefault(parameter, "");
  }

  @Test
  void the_role_s_inline_policy_denies_everything_to_sessions_that_carry_these_requests()
      throws Exception {
    assertThat(deny(requests(2))).isEqualTo(all(2));
    assertThat(sent("Action")).isEqualTo("PutRolePolicy");
    assertThat(sent("RoleName")).isEqualTo("daypass-prod");
    assertThat(sent("PolicyName")).matches("DaypassRevoked-[0-9a-f]{8}");
    assertThat(sent("PolicyDocument"))
        .isEqualTo(
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"DaypassRevoked\","
                + "\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
                + "{\"StringEquals\":{\"aws:PrincipalTag/DaypassRequest\":"
                + "[\"0000000000000000\",\"0000000000000001\"]}}}]}");
  }

  @Test
  void d2_the_session_that_does_it_is_good_for_the_inline_policies_of_that_role_alone()
      throws Exception {
    deny(requests(1));
    var assumed = asked.getFirst();
    assertThat(assumed)
        .containsEntry("RoleArn", "arn:aws:iam::123456789012:role/daypass-revoker")
        .containsEntry("DurationSeconds", "900")
        .containsEntry(
            "Policy",
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
                + "[\"iam:PutRolePolicy\",\"iam:DeleteRolePolicy\"],\"Resource\":\""
                + ROLE
                + "\"}]}");
    var claims = SignedJWT.parse(assumed.getOrDefault("WebIdentityToken", "")).getJWTClaimsSet();
    assertThat(claims.getSubject()).isEqualTo("daypass:revoker");
    assertThat(claims.getAudience()).containsExactly("daypass-aws-123456789012");
    assertThat(claims.getJWTID()).isEqualTo(CLAIM.toString());
    assertThat(claims.getClaims()).doesNotContainKey("https://aws.amazon.com/tags");
  }

  @Test
  void where_nobody_need_be_denied_the_policy_goes_and_may_be_gone_already() throws Exception {
    for (var answer : List.of("", "NoSuchEntity")) {
      answers.clear();
      if (!answer.isEmpty()) {
        answers.add(answer);
      }
      assertThat(deny()).isEqualTo(all(0));
      assertThat(sent("Action")).isEqualTo("DeleteRolePolicy");
      assertThat(sent("PolicyName")).matches("DaypassRevoked-[0-9a-f]{8}");
    }
  }

  /** Leaves room for the ids of so many. */
  private void roomFor(int many) {
    room = RevocationPolicy.denying(List.of(requests(many))).json().length();
  }

  @Test
  void where_other_policies_have_taken_the_room_as_many_are_denied_as_fit() throws Exception {
    for (var many : List.of(1, 5, 99)) {
      roomFor(many);
      standing = many - 1;
      assertThat(deny(requests(100))).isEqualTo(all(many));
      assertThat(stands).isEqualTo(RevocationPolicy.denying(List.of(requests(many))).json());
    }
  }

  @Test
  void nobody_who_is_denied_is_let_in_again_to_find_out_how_much_room_there_is() {
    roomFor(60);
    standing = 60;
    assertThatThrownBy(() -> deny(requests(100)))
        .isInstanceOfSatisfying(
            MintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOUD_REFUSED));
    assertThat(stands).as("what stood there before stands there still").isEmpty();
  }

  @Test
  void who_is_denied_and_fits_stays_denied_while_room_for_more_is_sought() throws Exception {
    roomFor(10);
    applied = 10;
    assertThat(deny(requests(11))).isEqualTo(all(10));
    assertThat(documents()).containsExactly(11, 10);
    asked.clear();
    roomFor(7);
    applied = 5;
    standing = 2;
    assertThat(deny(requests(9))).isEqualTo(all(7));
    assertThat(documents()).startsWith(9, 5).allMatch(size -> size >= 5);
  }

  @Test
  void what_was_written_counts_though_a_try_for_more_fails() throws Exception {
    answers.addAll(List.of("LimitExceeded", "", "AccessDenied"));
    applied = 2;
    assertThat(deny(requests(8))).isEqualTo(all(2));
    assertThat(documents()).startsWith(8, 2);
  }

  @Test
  void no_document_is_larger_than_iam_takes() throws Exception {
    var many = requests(RevocationPolicy.MOST + 40);
    assertThat(deny(many)).isEqualTo(all(RevocationPolicy.MOST));
    assertThat(RevocationPolicy.MOST).isGreaterThan(500);
    assertThat(sent("PolicyDocument").length()).isBetween(10_200, 10_240);
  }

  @Test
  void a_refusal_is_one_and_a_session_of_somebody_else_is_none() {
    answers.add("AccessDenied");
    assertThatThrownBy(() -> deny(requests(1)))
        .isInstanceOfSatisfying(
            MintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOUD_REFUSED));
    own = "arn:aws:sts::123456789012:assumed-role/other/daypass-revoker";
    asked.clear();
    assertThatThrownBy(() -> deny(requests(1)))
        .isInstanceOfSatisfying(
            MintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOUD_ANSWER_WRONG));
    assertThat(asked).as("nothing is done with it").hasSize(1);
  }

  @Test
  void without_a_role_to_do_it_nothing_is_sent() {
    try (var cutter = cutter(null)) {
      assertThat(cutter.isSet()).isFalse();
      assertThatThrownBy(
              () -> cutter.deny(new Claimed("aws", ROLE, CLAIM, List.of(requests(1)), 0, 0, 1)))
          .isInstanceOf(MintException.class);
    }
    assertThat(asked).isEmpty();
  }
}
