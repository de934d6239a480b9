package io.bgfetch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What must stand in Postgres when everything has ended. */
final class DatabaseAudit implements AutoCloseable {
  /** Losses, of which there may be several in a row, are noticed after ten to fifteen seconds. */
  private static final Duration END = Duration.ofMinutes(3);

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private static final String ACTIVE = "SELECT count(*) FROM registration WHERE result = ''";

  /** Rows go with the outcome of their record; those that an abort left only tell of it. */
  private static final String LEFT_UNDER_WAY =
      """
      SELECT count(*) FROM under_way u JOIN registration r USING (uid)
       WHERE r.result <> '' AND (u.next_try IS NOT NULL OR r.failure_reason <> 'aborted')
      """;

  private static final String COUNTERS =
      """
      SELECT r.uid, r.id, r.failure_reason = 'aborted' AS aborted, r.end_version,
             r.total, r.settled, r.succeeded, r.failed, r.downloaded, r.uploaded,
             count(o) AS outcomes,
             count(o) FILTER (WHERE o.result = 'success') AS successes,
             coalesce(sum(o.downloaded), 0) AS down, coalesce(sum(o.uploaded), 0) AS up
        FROM registration r LEFT JOIN outcome o USING (uid)
       WHERE r.records_available
       GROUP BY r.uid ORDER BY r.uid
      """;

  private final Connection connection;

  private DatabaseAudit(Connection connection) {
    this.connection = connection;
  }

  /** A registration that has ended, and the sums over its outcomes. */
  record Ended(
      String uid,
      String id,
      boolean aborted,
      long endVersion,
      int total,
      Counters counters,
      Counters sums) {}

  /** Of a registration, or of its outcomes. */
  record Counters(long settled, long succeeded, long failed, long downloaded, long uploaded) {}

  static DatabaseAudit of(String uri) throws SQLException {
    URI parsed = URI.create(uri);
    String[] user = parsed.getUserInfo().split(":", 2);
    String url =
        "jdbc:postgresql://%s:%d%s".formatted(parsed.getHost(), parsed.getPort(), parsed.getPath());
    return new DatabaseAudit(DriverManager.getConnection(url, user[0], user[1]));
  }

  void awaitEnds() {
    await("the end of all registrations")
        .atMost(END)
        .pollInterval(LOOK_EVERY)
        .until(() -> count(ACTIVE) == 0);
  }

  /** Checks all registrations that were not released, and returns them by their uid. */
  Map<String, Ended> check() throws SQLException {
    List<Ended> all = ended();
    assertThat(all).allSatisfy(DatabaseAudit::isExact);
    await("nothing to wait").until(() -> count(LEFT_UNDER_WAY) == 0);
    return all.stream().collect(Collectors.toMap(Ended::uid, Function.identity()));
  }

  private static void isExact(Ended registration) {
    if (registration.aborted()) {
      assertThat(registration.counters().settled()).isEqualTo(registration.total());
      assertThat(registration.counters().succeeded()).isEqualTo(registration.sums().succeeded());
    } else {
      assertThat(registration.counters()).isEqualTo(registration.sums());
      assertThat(registration.counters().settled()).isEqualTo(registration.total());
    }
  }

  private List<Ended> ended() throws SQLException {
    List<Ended> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(COUNTERS)) {
      while (row.next()) {
        all.add(ended(row));
      }
    }
    return all;
  }

  private static Ended ended(ResultSet row) throws SQLException {
    long outcomes = row.getLong("outcomes");
    long successes = row.getLong("successes");
    return new Ended(
        row.getString("uid"),
        row.getString("id"),
        row.getBoolean("aborted"),
        row.getLong("end_version"),
        row.getInt("total"),
        new Counters(
            row.getLong("settled"),
            row.getLong("succeeded"),
            row.getLong("failed"),
            row.getLong("downloaded"),
            row.getLong("uploaded")),
        new Counters(
            outcomes, successes, outcomes - successes, row.getLong("down"), row.getLong("up")));
  }

  private long count(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
