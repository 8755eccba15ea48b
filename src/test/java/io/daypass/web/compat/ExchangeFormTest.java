package io.daypass.web.compat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What of an exchange is taken, before anything of it is proved. */
class ExchangeFormTest {

  private static final String POLL =
      "grant_type=" + ExchangeForm.GRANT_TYPE + "&audience=ci-release&poll_token=dpp_x";

  @Test
  void a_poll_token_takes_the_place_of_the_subject_token_and_the_type_may_stay() {
    var asked = new ExchangeForm.Asked("dpp_x", "ci-release", null);
    assertThat(ExchangeForm.of(POLL)).isEqualTo(asked);
    assertThat(ExchangeForm.of(POLL + "&subject_token_type=" + TokenExchange.JWT)).isEqualTo(asked);
    assertThat(ExchangeForm.of(POLL + "&subject_token=a.b.c"))
        .isInstanceOf(ExchangeForm.Refused.class);
  }
}
