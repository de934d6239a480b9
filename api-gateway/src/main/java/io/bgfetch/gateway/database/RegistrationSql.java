package io.bgfetch.gateway.database;

/** The statements that read registrations. */
final class RegistrationSql {

  static final String FIND_BY_UID =
      """
      SELECT * FROM registration WHERE NOT deleted AND tenant = $1 AND uid = $2
      """;

  /** The active one of the id, or else the most recent. */
  static final String FIND_BY_ID =
      """
      SELECT * FROM (
        (SELECT 0 AS choice, * FROM registration
          WHERE NOT deleted AND tenant = $1 AND id_hash = $2 AND result = '' LIMIT 1)
        UNION ALL
        (SELECT 1 AS choice, * FROM registration
          WHERE NOT deleted AND tenant = $1 AND id_hash = $2 ORDER BY uid DESC LIMIT 1)
      ) AS found
      ORDER BY choice LIMIT 1
      """;

  static final String LIST =
      """
      SELECT * FROM registration
       WHERE NOT deleted AND tenant = $1 AND uid < $2
       ORDER BY uid DESC LIMIT $3
      """;

  static final String LIST_ACTIVE =
      """
      SELECT * FROM registration
       WHERE NOT deleted AND tenant = $1 AND uid < $2 AND result = ''
       ORDER BY uid DESC LIMIT $3
      """;

  static final String LIST_OF_ID =
      """
      SELECT * FROM registration
       WHERE NOT deleted AND tenant = $1 AND uid < $2 AND id_hash = $4
       ORDER BY uid DESC LIMIT $3
      """;

  static final String LIST_ACTIVE_OF_ID =
      """
      SELECT * FROM registration
       WHERE NOT deleted AND tenant = $1 AND uid < $2 AND id_hash = $4 AND result = ''
       ORDER BY uid DESC LIMIT $3
      """;

  static final String FIND_ALL =
      """
      SELECT * FROM registration WHERE NOT deleted AND tenant = $1 AND uid = ANY($2)
      """;

  /** Those that are active, and those that ended a moment ago. */
  static final String LIST_LATEST =
      """
      (SELECT * FROM registration WHERE NOT deleted AND tenant = $1 AND result = '' ORDER BY uid DESC LIMIT $2)
      UNION ALL
      (SELECT * FROM registration
        WHERE NOT deleted AND tenant = $1 AND result <> '' AND ended_at > now() - interval '1 minute'
        ORDER BY ended_at DESC, uid DESC LIMIT $2)
      """;

  /** Also those that were deleted: deleting one aborts it, and that is an end to be told of. */
  static final String LIST_ENDS =
      """
      SELECT * FROM registration
       WHERE tenant = $1 AND result <> ''
         AND (ended_at, uid) > ($2, $3)
       ORDER BY ended_at, uid LIMIT $4
      """;

  private RegistrationSql() {}
}
