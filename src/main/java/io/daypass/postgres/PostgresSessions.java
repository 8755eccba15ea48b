package io.daypass.postgres;

import io.daypass.identity.CallerId;
import io.daypass.identity.Sessions;
import io.daypass.identity.SignIns;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of browsers and sign-ins under way in Postgres, by their digests and by its clock. The
 * service's role has no rights on the tables, only on the functions that are called here.
 */
public final class PostgresSessions implements Sessions, SignIns {

  private final Database database;

  public PostgresSessions(Database database) {
    this.database = database;
  }

  @Override
  public void begin(UnderWay signIn) {
    var key = signIn.key();
    var person = signIn.person();
    database.rows(
        "SELECT begin_sign_in($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        Tuple.from(
            new @Nullable Object[] {
              key.state(),
              key.browser(),
              key.issuer(),
              signIn.iss(),
              signIn.nonce(),
              signIn.verifier(),
              signIn.to(),
              signIn.fresh(),
              signIn.session(),
              person == null ? null : person.issuer(),
              person == null ? null : person.subject()
            }));
  }

  @Override
  public Optional<Taken> take(Key key) {
    for (var row :
        database.rows(
            """
            SELECT iss, nonce, verifier, return_to, fresh, session_sha256, person_issuer,
              person_subject, begun_at
            FROM take_sign_in($1, $2, $3, $4::text::interval)
            """,
            Tuple.of(key.state(), key.browser(), key.issuer(), PATIENCE.toString()))) {
      return Optional.of(taken(key, row));
    }
    return Optional.empty();
  }

  private static Taken taken(Key key, Row row) {
    var issuer = row.getString("person_issuer");
    var signIn =
        new UnderWay(
            key,
            row.getString("iss"),
            row.getString("nonce"),
            row.getString("verifier"),
            row.getString("return_to"),
            row.getBoolean("fresh"),
            row.getString("session_sha256"),
            issuer == null ? null : new CallerId(issuer, row.getString("person_subject")));
    return new Taken(signIn, RequestRows.required(row, "begun_at"));
  }

  @Override
  public boolean open(Opening opening) {
    return database
        .row(
            "SELECT open_session($1, $2, $3, $4, $5, $6, $7, $8::text::interval, $9, $10::jsonb, $11)",
            Tuple.from(
                new @Nullable Object[] {
                  opening.sha256(),
                  opening.identity().id().issuer(),
                  opening.identity().id().subject(),
                  opening.iss(),
                  at(opening.signedInAt()),
                  strength(opening),
                  at(opening.until()),
                  LONGEST.toString(),
                  opening.replaces(),
                  IdentityJson.write(opening.identity()),
                  at(opening.saidAt())
                }))
        .getBoolean(0);
  }

  @Override
  public Optional<Held> use(String sha256) {
    return held(sha256, true);
  }

  @Override
  public Optional<Held> look(String sha256) {
    return held(sha256, false);
  }

  private Optional<Held> held(String sha256, boolean byPerson) {
    for (var row :
        database.rows(
            "SELECT sha256, identity, iss, said_at, ends_at, signed_in_at, strength"
                + " FROM use_session($1, $2::text::interval, $3)",
            Tuple.of(sha256, IDLE.toString(), byPerson))) {
      return Optional.of(
          new Held(
              row.getString("sha256"),
              IdentityJson.read(row.getJsonObject("identity")),
              row.getString("iss"),
              RequestRows.required(row, "said_at"),
              RequestRows.required(row, "ends_at"),
              RequestRows.instant(row, "signed_in_at"),
              List.of(row.getArrayOfStrings("strength"))));
    }
    return Optional.empty();
  }

  @Override
  public void end(String sha256) {
    database.rows("SELECT end_session($1)", Tuple.of(sha256));
  }

  /** Forgets what is over. */
  public void forgetDead() {
    database.rows(
        "SELECT forget_sessions($1::text::interval, $2::text::interval)",
        Tuple.of(PATIENCE.toString(), IDLE.toString()));
  }

  // Postgres has no NUL in its texts.
  private static String[] strength(Opening opening) {
    return opening.strength().stream()
        .map(text -> text.replace('\0', '\uFFFD'))
        .toArray(String[]::new);
  }

  private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
