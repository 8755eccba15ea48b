package io.daypass.policy.yaml;

import io.daypass.policy.Condition;
import java.util.List;

/**
 * Kubernetes service accounts (Kubernetes' "Managing Service Accounts", bound tokens): the names,
 * both in the subject and in the {@code kubernetes.io} claim, and the account's uid if given. A uid
 * is needed where an account may be deleted and its name taken by somebody else.
 */
record KubernetesPreset(PresetReader claims) {

  private static final String CLAIM = "kubernetes.io";

  List<Condition> read() {
    claims.reader().require("namespace");
    claims.reader().require("serviceaccount");
    var namespace = claims.reader().identifier("namespace").orElse("");
    var account = claims.reader().identifier("serviceaccount").orElse("");
    for (var key : List.of("namespace", "serviceaccount")) {
      var name = key.equals("namespace") ? namespace : account;
      if (!name.isEmpty() && !name.matches("[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")) {
        var wild = name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
        claims.error(
            key,
            wild ? "wildcard_not_allowed" : "bad_value",
            "\"" + key + "\" is the exact name of one");
      }
    }
    var subject = "system:serviceaccount:" + namespace + ":" + account;
    claims.add(new SubjectIs(claims.preset(), subject));
    claims.is(List.of(CLAIM, "namespace"), List.of(namespace));
    claims.is(List.of(CLAIM, "serviceaccount", "name"), List.of(account));
    claims.is(List.of(CLAIM, "serviceaccount", "uid"), claims.values("uid"));
    return claims.conditions();
  }
}
