package io.daypass.cloud.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a condition on the binder is read to say, which no call of the doctor's could find out. */
class BinderPermissionsTest {

  private static final String ROLE = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
  private static final String OTHER = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
  private static final String ONE = "0b0ba1c4-0000-4000-8000-000000000001";
  private static final String TWO = "0b0ba1c4-0000-4000-8000-000000000002";
  private static final String WRITE = "Microsoft.Authorization/roleAssignments/";
  private static final String OF = "@Request[Microsoft.Authorization/roleAssignments:";

  private static BinderPermissions under(String... conditions) {
    return new BinderPermissions(
        List.of(conditions).stream()
            .<Map<?, ?>>map(each -> Map.of("actions", List.of(WRITE + "*"), "condition", each))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        OF + "RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {" + ROLE + "}",
        OF + "RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {" + OTHER + ", " + ROLE + "}",
        OF + "RoleDefinitionId] GuidEquals '" + ROLE + "'",
        // What it does not say by naming roles is not known to leave one out.
        OF + "PrincipalType] StringEqualsIgnoreCase 'ServicePrincipal'",
        OF + "RoleDefinitionId] ForAnyOfAllValues:GuidNotEquals {" + OTHER + "}",
      })
  void a_role_that_may_be_assigned_is_not_left_out(String condition) {
    assertThat(under(condition).leavesOut(ROLE.toUpperCase(Locale.ROOT))).isFalse();
    assertThat(under(condition).leavesOut(ROLE, Set.of(ONE))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OF + "RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {" + OTHER + "}",
        OF + "RoleDefinitionId] GuidEquals '" + OTHER + "'",
        // Named, but not as a role.
        OF + "RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {" + OTHER + "} AND x == " + ROLE,
      })
  void a_role_that_no_condition_names_among_others_is_left_out(String condition) {
    assertThat(under(condition).leavesOut(ROLE)).isTrue();
    assertThat(under(condition, "").leavesOut(ROLE)).isFalse();
  }

  @Test
  void whom_only_the_condition_of_another_role_names_is_left_out() {
    var both =
        under(
            OF + "RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {" + ROLE + "} AND " + to(ONE),
            OF + "RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {" + OTHER + "} AND " + to(TWO));
    assertThat(both.leavesOut(ROLE, Set.of(ONE, TWO))).containsExactly(TWO);
    assertThat(both.leavesOut(OTHER, Set.of(ONE, TWO))).containsExactly(ONE);
  }

  private static String to(String principal) {
    return OF + "PrincipalId] ForAnyOfAnyValues:GuidEquals {" + principal + "}";
  }

  @Test
  void what_it_has_only_by_what_is_taken_away_again_is_missing() {
    var some =
        new BinderPermissions(
            List.of(
                Map.of(
                    "actions", List.of("Microsoft.Authorization/*"),
                    "notActions", List.of(WRITE + "delete"))));
    assertThat(some.missing()).containsExactly(WRITE + "delete");
    assertThat(some.leavesOut(ROLE)).isFalse();
  }
}
