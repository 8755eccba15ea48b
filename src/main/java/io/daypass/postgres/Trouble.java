package io.daypass.postgres;

import io.daypass.request.StoreUnavailableException;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What is the matter with a database, in our words: its own may quote values. */
final class Trouble {

  static final String BEHIND =
      "the tables are missing or older than this version: run \"daypass migrate\"";

  private static final String LOCKED = "55P03";
  private static final String CANCELLED = "57014";
  private static final String NONE_FITS = "08001";

  // Of TLS that did not come about the clients say no more than that there is no connection.
  private static final String NOT_AS_ASKED =
      "the database did not answer, or not as its URL asks it to: look at its TLS";

  private static final String NOT_IN_TIME = "the database did not answer in time";

  private static final String NO_WRITES = "no server that is named takes writes";

  private Trouble() {}

  static StoreUnavailableException of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      var why = why(cause);
      if (why != null) {
        return isLate(cause)
            ? StoreUnavailableException.late(why, failure)
            : new StoreUnavailableException(why, failure);
      }
    }
    return new StoreUnavailableException(NOT_AS_ASKED, failure);
  }

  private static boolean isLate(Throwable cause) {
    return cause instanceof ConnectTimeoutException
        || cause instanceof TimeoutException
        || cause instanceof SocketTimeoutException
        || (cause instanceof PgException refused && CANCELLED.equals(refused.getSqlState()))
        || (cause instanceof SQLException failed && CANCELLED.equals(failed.getSQLState()));
  }

  /** Whether {@code failure} is that a lock was not to be had in time. */
  static boolean isLocked(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException failed && LOCKED.equals(failed.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String why(Throwable cause) {
    return switch (cause) {
      case PgException refused -> refused(refused.getSqlState());
      case UnknownHostException _ -> "the database's host has no address";
      // Before the one that it is a kind of: nobody refused.
      case ConnectTimeoutException _ -> NOT_IN_TIME;
      case ConnectException _ -> "nobody listens where the database should be";
      case SSLException _ -> "the database's TLS is not what its URL asks for";
      case TimeoutException _ -> NOT_IN_TIME;
      case SocketTimeoutException _ -> NOT_IN_TIME;
      case Primary.TakesNoWrites _ -> NO_WRITES;
      // The driver's own states say less than the cause they have. This one has none where servers
      // let somebody in and are not what is looked for.
      case SQLException failed when failed.getCause() == null ->
          NONE_FITS.equals(failed.getSQLState()) ? NO_WRITES : refused(failed.getSQLState());
      default -> null;
    };
  }

  /** By SQLSTATE (PostgreSQL 17, appendix A). */
  private static @Nullable String refused(@Nullable String state) {
    if (state == null) {
      return null;
    }
    var what =
        switch (state) {
          case "28P01", "28000" -> "the database refuses the role, its password or its address";
          case "08P01" -> "the database, or a pooler in front of it, does not take the session";
          case "08001", "08004", "08006" -> NOT_AS_ASKED;
          case "3D000" -> "the database that is named does not exist";
          case "42P01", "42883", "3F000", "42703" -> BEHIND;
          case "25006" -> "the database takes no writes";
          case "42501" -> "the database does not let the role do that";
          case "42704" -> "a role that is named does not exist in the database";
          case "53100" -> "the database's disk is full";
          case "53300" -> "the database has no connection left";
          case LOCKED ->
              "somebody holds a lock on the tables, as a dump or a long report does: it is tried again later";
          case CANCELLED -> NOT_IN_TIME;
          case "57P03" -> "the database is starting or stopping";
          default -> "the database refuses";
        };
    return what + " (SQLSTATE " + state + ")";
  }
}
