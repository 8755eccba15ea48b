package io.daypass.cloud.aws;

import static io.daypass.cloud.aws.StrictSts.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daypass.cloud.Credential.AwsSession;
import io.daypass.cloud.Grants;
import io.daypass.cloud.MintException;
import io.daypass.cloud.MintException.Reason;
import io.daypass.cloud.Secret;
import io.daypass.cloud.Waits;
import io.daypass.cloud.wire.Wire;
import io.daypass.issuer.Signing;
import io.daypass.policy.RoleArn;
import io.daypass.policy.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ConsoleLinksTest {

  private final Bench bench = new Bench();
  private final Target.Aws target = Grants.aws(Grants.ARN, null);

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void a_session_becomes_a_link_to_the_console() throws Exception {
    var link = bench.cloud.link(target, session("123456789012"), "cloudwatch");
    assertThat(link.reveal())
        .isEqualTo(
            bench.sts.at("/signin/federation")
                + "?Action=login"
                + "&Issuer=https%3A%2F%2Fdaypass.example.com"
                + "&Destination=https%3A%2F%2Fconsole.aws.amazon.com%2Fcloudwatch%2Fhome"
                + "&SigninToken=a-sign_in.token");
    assertThat(link).hasToString("[secret]");
  }

  @Test
  void d7_no_session_duration_is_asked_for_so_the_console_ends_with_the_session() throws Exception {
    bench.cloud.link(target, session("123456789012"), "ec2");
    var call = bench.sts.calls().getFirst();
    assertThat(call.method()).isEqualTo("GET");
    assertThat(call.parameters()).containsOnlyKeys("Action", "Session");
    assertThat(call.parameters().get("Session"))
        .isEqualTo(
            "{\"sessionId\":\"ASIAA2B3C4D5E6F7G8H9\",\"sessionKey\":\"a+secret/key\","
                + "\"sessionToken\":\"a+session/token==\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iam", "", "https://evil.example/", "//evil.example", "CLOUDWATCH"})
  void d6_a_destination_that_the_role_does_not_list_is_refused(String destination) {
    refused(target, session("123456789012"), destination);
  }

  @Test
  void d6_a_listed_destination_that_is_no_path_of_the_console_is_refused() {
    refused(target, session("123456789012"), "elsewhere");
    var unknown = new Target.Aws(target.roleArn(), null, List.of("unheard-of"));
    refused(unknown, session("123456789012"), "unheard-of");
  }

  @Test
  void b7_a_session_of_another_account_opens_no_console_of_this_role() {
    refused(target, session("210987654321"), "cloudwatch");
  }

  @ParameterizedTest
  @CsvSource({
    "aws, https://signin.aws.amazon.com, https://console.aws.amazon.com",
    "aws-cn, https://signin.amazonaws.cn, https://console.amazonaws.cn",
    "aws-us-gov, https://signin.amazonaws-us-gov.com, https://console.amazonaws-us-gov.com"
  })
  void each_partition_signs_in_at_its_own_hosts(String id, String signin, String console) {
    var partition = AwsPartition.of(new RoleArn(id, "123456789012", "/", "x"));
    assertThat(partition.signin()).hasToString(signin);
    assertThat(partition.console()).hasToString(console);
    assertThatThrownBy(() -> AwsPartition.of(new RoleArn("aws-iso", "123456789012", "/", "x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {} | CLOUD_REFUSED",
        "403 | <html/> | CLOUD_REFUSED",
        "302 | {\"SigninToken\":\"a\"} | CLOUD_ANSWER_WRONG",
        "200 | '' | CLOUD_ANSWER_WRONG",
        "200 | {} | CLOUD_ANSWER_WRONG",
        "200 | {\"SigninToken\":\"\"} | CLOUD_ANSWER_WRONG",
        "200 | {\"SigninToken\":\"a&Destination=b\"} | CLOUD_ANSWER_WRONG",
        "200 | {\"SigninToken\":\"a\",\"SigninToken\":\"b\"} | CLOUD_ANSWER_WRONG",
        "200 | [\"SigninToken\"] | CLOUD_ANSWER_WRONG"
      })
  void an_answer_that_is_no_sign_in_token_is_dropped(int status, String body, Reason reason) {
    bench.sts.next(answering(status, body));
    assertThatThrownBy(() -> bench.cloud.link(target, session("123456789012"), "ec2"))
        .isInstanceOfSatisfying(MintException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasNoCause();
  }

  @ParameterizedTest
  @CsvSource({"500, CLOUD_FAILED", "503, CLOUD_FAILED", "429, CLOUD_THROTTLED"})
  void passing_trouble_of_the_sign_in_endpoint_is_tried_again(int status, Reason reason)
      throws Exception {
    bench.sts.next(answering(status, ""));
    assertThat(bench.cloud.link(target, session("123456789012"), "ec2")).isNotNull();
    bench.sts.next(answering(status, ""), answering(status, ""), answering(status, ""));
    assertThatThrownBy(() -> bench.cloud.link(target, session("123456789012"), "ec2"))
        .isInstanceOfSatisfying(MintException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void a_sign_in_endpoint_that_drips_is_given_up() throws Exception {
    var limits = Waits.of(Duration.ofMillis(300), Duration.ofMillis(200), Duration.ofMillis(200));
    try (var server = new RawServer(RawServer.dripping("HTTP/1.1 200 OK\r\nX: "));
        var cloud = bench.cloud(server.at(), server.at(), limits)) {
      assertThatThrownBy(() -> cloud.link(target, session("123456789012"), "ec2"))
          .isInstanceOf(MintException.class);
    }
  }

  @Test
  void aws_itself_is_where_links_lead_unless_told_otherwise() {
    var links =
        new ConsoleLinks(
            AwsConfig.of(Signing.ISSUER),
            new Wire(Duration.ofSeconds(1)),
            key -> Optional.ofNullable(Bench.PATHS.get(key)));
    assertThat(links.wanted(target, session("123456789012"), "ec2").destination())
        .hasToString("https://console.aws.amazon.com/ec2/home");
    assertThat(links.federation(AwsPartition.CHINA))
        .isEqualTo("https://signin.amazonaws.cn/federation");
    try (var cloud =
        new AwsCloud(
            AwsConfig.of(Signing.ISSUER),
            bench.keys,
            RandomGenerator.getDefault(),
            _ -> Optional.empty())) {
      cloud.warmUp();
    }
  }

  private void refused(Target.Aws to, AwsSession session, String destination) {
    assertThatThrownBy(() -> bench.cloud.link(to, session, destination))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(bench.sts.calls()).isEmpty();
  }

  private static AwsSession session(String account) {
    return new AwsSession(
        "ASIAA2B3C4D5E6F7G8H9",
        new Secret("a+secret/key"),
        new Secret("a+session/token=="),
        account,
        Grants.NOW.plusSeconds(300));
  }
}
