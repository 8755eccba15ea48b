package io.daypass.sandbox.oidc;

import java.util.List;
import java.util.Optional;

/** Somebody to sign in as. */
public record Person(String id, String name, List<String> groups) {

  private static final List<Person> EVERYBODY =
      List.of(
          new Person("alice", "Alice Ito", List.of("engineering")),
          new Person("bob", "Bob Marsh", List.of("engineering", "leads")),
          new Person("carol", "Carol Nkosi", List.of("security")),
          new Person("dave", "Dave Lindqvist", List.of("engineering", "on-call")),
          new Person("erin", "Erin Castillo", List.of("audit")),
          new Person("pat", "Pat Winters", List.of("platform")));

  public Person {
    groups = List.copyOf(groups);
  }

  public static List<Person> everybody() {
    return EVERYBODY;
  }

  public static Optional<Person> of(String id) {
    return EVERYBODY.stream().filter(person -> person.id().equals(id)).findFirst();
  }

  public String email() {
    return id + "@acme.example";
  }
}
