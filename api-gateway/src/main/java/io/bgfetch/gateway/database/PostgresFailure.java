package io.bgfetch.gateway.database;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a failed query says about Postgres. */
public final class PostgresFailure {

  private static final String UNIQUE_VIOLATION = "23505";

  /** Connection trouble, resources, shutdown, a statement or a lock that took too long. */
  private static final Set<String> PASSING_CLASSES = Set.of("08", "53", "57");

  private static final Set<String> PASSING = Set.of("55P03", "40001", "40P01", "25P03", "25006");

  /** A serialization failure and a deadlock; of others of their class the fate is not known. */
  private static final Set<String> REFUSED = Set.of("40001", "40P01");

  /** Data, constraints, limits of an index, locks. */
  private static final Set<String> REFUSED_CLASSES = Set.of("22", "23", "54", "55");

  /** What the pool says where it has no exception of its own. */
  private static final Set<String> POOL =
      Set.of("Timeout", "Timeout waiting for connection", "Pool closed");

  private PostgresFailure() {}

  /** Whether the same query may do later. */
  public static boolean isPassing(Throwable cause) {
    return switch (cause) {
      case PgException refused -> isPassing(refused.getSqlState());
      case ClosedConnectionException closed -> true;
      case IOException unreachable -> true;
      case TimeoutException late -> true;
      case ConnectionPoolTooBusyException full -> true;
      default -> POOL.contains(String.valueOf(cause.getMessage()));
    };
  }

  /** The same of a failure of this SQLSTATE. */
  static boolean isPassing(@Nullable String state) {
    return state != null
        && state.length() == 5
        && (PASSING_CLASSES.contains(state.substring(0, 2)) || PASSING.contains(state));
  }

  /**
   * Whether Postgres refused the statement for what was in it or whom it met, so that nothing of it
   * was written and parts of it may do.
   */
  public static boolean isRefused(Throwable cause) {
    return cause instanceof PgException refused
        && refused.getSqlState() != null
        && refused.getSqlState().length() == 5
        && (REFUSED_CLASSES.contains(refused.getSqlState().substring(0, 2))
            || REFUSED.contains(refused.getSqlState()));
  }

  /** Whether a unique constraint of this name refused a row. */
  public static boolean isDuplicate(Throwable cause, String constraint) {
    return cause instanceof PgException refused
        && UNIQUE_VIOLATION.equals(refused.getSqlState())
        && constraint.equals(refused.getConstraint());
  }
}
