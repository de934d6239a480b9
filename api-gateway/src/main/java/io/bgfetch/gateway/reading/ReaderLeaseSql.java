package io.bgfetch.gateway.reading;

/** The statements by which readers keep what they read from being deleted. */
final class ReaderLeaseSql {

  /** Those that are gone by mistake come back. */
  static final String HOLD =
      """
      INSERT INTO reader (reader, uid, until)
      SELECT reader, uid, now() + interval '30 seconds'
        FROM unnest($1::uuid[], $2::uuid[]) AS held (reader, uid)
      ON CONFLICT (reader) DO UPDATE SET until = EXCLUDED.until
      """;

  static final String DROP =
      """
      DELETE FROM reader WHERE reader = $1
      """;

  /** What dead gateways left. */
  static final String FORGET =
      """
      DELETE FROM reader WHERE until < now() - interval '1 minute'
      """;

  private ReaderLeaseSql() {}
}
