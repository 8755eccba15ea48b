package io.daypass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.daypass.identity.Kind;
import io.daypass.identity.TokenUse;
import io.daypass.identity.TrustedIssuer;
import io.daypass.identity.TrustedIssuer.ClaimNames;
import io.daypass.identity.TrustedIssuer.Preset;
import io.daypass.settings.IssuerSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TwoAccountsTest {

  @Test
  void c1_issuers_whose_people_cannot_be_told_to_be_one_are_named() {
    var staff = issuer("staff", Kind.HUMAN, null);
    var ci = issuer("ci", Kind.WORKLOAD, null);
    assertThat(TwoAccounts.of(List.of(staff, ci))).isEmpty();
    var partners = issuer("partners", Kind.HUMAN, "employee_id");
    assertThat(TwoAccounts.of(List.of(staff, partners, ci)))
        .singleElement()
        .asString()
        .contains("\"staff\"", "(person_unknown)");
  }

  private static IssuerSettings issuer(String name, Kind kind, @Nullable String person) {
    var claims = new ClaimNames("groups", "email", "name", person);
    var trusted =
        new TrustedIssuer(
            name,
            "https://" + name + ".example.com",
            "daypass",
            kind,
            Preset.GENERIC,
            TokenUse.REUSABLE,
            Duration.ofHours(1),
            claims);
    return new IssuerSettings(trusted, null, null);
  }
}
