package io.daypass.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A token for another audience: from the approval to a receiver that knows only the issuer. */
class OidcTargetTest {

  private static final String ROLE = "cluster-view";
  private static final String AUDIENCE = "https://kubernetes.acme.example";
  private static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

  private final World world = Shared.world();
  private final Api api = Shared.api();
  private final Map<String, String> live = new LinkedHashMap<>();

  /** A receiver: what it is told is where the issuer is, and whose tokens it is. */
  private JWTClaimsSet received(String token, String audience) throws Exception {
    var discovery = api.get("/.well-known/openid-configuration").is(200).json();
    var jwks = URI.create(discovery.getString("jwks_uri")).toURL();
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            JWSAlgorithm.RS256, JWKSourceBuilder.<SecurityContext>create(jwks).build()));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            audience,
            new JWTClaimsSet.Builder().issuer(discovery.getString("issuer")).build(),
            Set.of("sub", "iat", "exp", "jti")));
    return processor.process(token, null);
  }

  /** A live grant, which does not outlast its test. */
  private String granted(String person, String duration) {
    var token = world.person(person);
    var id = api.ask(token, ROLE, duration, "look at the cluster");
    live.put(id, token);
    return id;
  }

  @BeforeEach
  void nobodyHasAGrant() {
    Shared.forgetGrants();
  }

  @AfterEach
  void returned() {
    live.forEach((id, token) -> api.on(id, "return", token));
  }

  private Api.Answer exchange(String requested) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("audience", ROLE);
    form.put("subject_token", world.person("dave"));
    form.put("subject_token_type", JWT);
    form.put("requested_token_type", requested);
    return api.any(Doorway.form(api, "/oauth2/token", form));
  }

  @Test
  void a_receiver_takes_the_token_until_the_grant_ends_and_no_other_receiver_does()
      throws Exception {
    var alice = world.person("alice");
    var id = granted("alice", "5m");
    var answer = api.credentials(ROLE, alice).is(200);
    var ends = api.get("/v1/requests/" + id, alice).instant("grant_ends_at");
    assertThat(answer.json().fieldNames()).containsExactly("id_token", "expires_at");
    assertThat(answer.header("Daypass-Request")).isEqualTo(id);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    var token = answer.text("id_token");
    var claims = received(token, AUDIENCE);
    assertThat(claims.getSubject()).isEqualTo("role:" + ROLE);
    assertThat(claims.getJWTID()).isEqualTo(answer.header("Daypass-Issuance"));
    assertThat(claims.getStringListClaim("groups")).containsExactly("daypass:viewers");
    assertThat(claims.getJSONObjectClaim("daypass")).containsEntry("request", id);
    assertThat(claims.getExpirationTime().toInstant())
        .isEqualTo(answer.instant("expires_at"))
        .isBeforeOrEqualTo(ends)
        .isAfter(Instant.now().plus(Duration.ofMinutes(3)));
    assertThatThrownBy(() -> received(token, "https://vault.acme.example"))
        .isInstanceOf(BadJWTException.class);
  }

  @Test
  void it_is_sealed_in_the_ledger_before_it_leaves_and_the_token_stands_nowhere() throws Exception {
    var bob = world.person("bob");
    granted("bob", "30m");
    var answer = api.credentials(ROLE, bob).is(200);
    assertThat(world.records.seals(answer.header("Daypass-Issuance"))).isEqualTo(1);
    var signature = answer.text("id_token").split("\\.", 3)[2];
    assertThat(world.records.ledger()).doesNotContain(signature);
    assertThat(world.replicas().getFirst().log()).doesNotContain(signature);
  }

  @Test
  void after_a_return_nothing_more_is_signed() {
    var dave = world.person("dave");
    var id = granted("dave", "30m");
    api.credentials(ROLE, dave).is(200);
    api.on(id, "return", dave).is(200);
    api.credentials(ROLE, dave).is(403, "approval_required");
  }

  @Test
  void it_is_no_token_for_daypass_s_own_doors() {
    var alice = world.person("alice");
    granted("alice", "30m");
    var token = api.credentials(ROLE, alice).is(200).text("id_token");
    api.get("/v1/me", token).is(401, "issuer_unknown");
    assertThat(Doorway.EXCHANGE.outcome(api, "ci-deploy", token).given()).isFalse();
  }

  @Test
  void the_exchange_says_what_it_gave() throws Exception {
    var id = granted("dave", "30m");
    for (var type : Set.of(ID_TOKEN, JWT)) {
      var answer = exchange(type).is(200).json();
      assertThat(answer.getString("issued_token_type")).isEqualTo(type);
      assertThat(answer.getString("token_type")).isEqualTo("N_A");
      assertThat(answer.getInteger("expires_in")).isBetween(500, 600);
      var claims = received(answer.getString("access_token"), AUDIENCE);
      assertThat(claims.getJSONObjectClaim("daypass")).containsEntry("request", id);
    }
    var wrong = exchange("urn:ietf:params:oauth:token-type:access_token");
    assertThat(wrong.status()).isEqualTo(400);
  }

  private Api.Answer introspected(String token) {
    return api.any(Doorway.form(api, "/oauth2/introspect", Map.of("token", token))).is(200);
  }

  @Test
  void whoever_holds_a_token_that_was_handed_out_may_ask_whom_it_is_for_while_its_grant_lasts() {
    var alice = world.person("alice");
    var id = granted("alice", "30m");
    var answer = api.credentials(ROLE, alice).is(200);
    var token = answer.text("id_token");
    var known = introspected(token).json();
    assertThat(known.getBoolean("active")).isTrue();
    assertThat(known.getString("username")).isEqualTo("alice@acme.example");
    assertThat(known.getString("sub")).isEqualTo("alice");
    assertThat(known.getString("client_id")).isEqualTo(ROLE);
    assertThat(known.getLong("exp")).isEqualTo(answer.instant("expires_at").getEpochSecond());
    var unknown = Map.<String, Object>of("active", false);
    // Not one character of it may differ, and nothing tells a near miss from any other.
    assertThat(introspected(token.substring(0, token.length() - 1)).json().getMap())
        .isEqualTo(unknown);
    assertThat(introspected("ya29.not-one-of-ours").json().getMap()).isEqualTo(unknown);
    api.on(id, "return", alice).is(200);
    assertThat(introspected(token).json().getMap()).isEqualTo(unknown);
  }

  @Test
  void the_doors_of_aws_do_not_give_it() {
    var alice = world.person("alice");
    granted("alice", "30m");
    var outcome = Doorway.CONTAINER.outcome(api, ROLE, alice);
    assertThat(outcome).isEqualTo(new Doorway.Outcome(false, "not_at_this_door"));
    api.post("/v1/roles/" + ROLE + "/console", alice).is(422, "no_such_destination");
  }
}
