package io.bgfetch.gateway.registering;

/** The statements of the table {@code idempotency_key}. */
final class KeySql {

  /** 0 rows: somebody else has the key, or it remembers a registration. */
  static final String CLAIM =
      """
      INSERT INTO idempotency_key AS k (tenant, key, holder, valid_until)
      VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
      ON CONFLICT (tenant, key) DO UPDATE
        SET holder = EXCLUDED.holder, valid_until = EXCLUDED.valid_until, uid = NULL, body_hash = NULL
       WHERE k.valid_until < clock_timestamp()
      """;

  /**
   * To be asked by who has seen that the key remembers this registration: an earlier statement may
   * see the key and not the registration, which became visible with it.
   */
  static final String FORGET_DELETED =
      """
      DELETE FROM idempotency_key
       WHERE tenant = $1 AND key = $2 AND uid = $3
         AND NOT EXISTS (SELECT FROM registration WHERE uid = $3 AND NOT deleted)
      """;

  /** 0 rows: somebody else has the key, or it is remembered. */
  static final String EXTEND =
      """
      UPDATE idempotency_key SET valid_until = clock_timestamp() + make_interval(secs => $4)
       WHERE tenant = $1 AND key = $2 AND holder = $3 AND uid IS NULL
      """;

  static final String RELEASE =
      """
      DELETE FROM idempotency_key WHERE tenant = $1 AND key = $2 AND holder = $3 AND uid IS NULL
      """;

  static final String FIND =
      """
      SELECT uid, body_hash FROM idempotency_key
       WHERE tenant = $1 AND key = $2 AND uid IS NOT NULL
      """;

  /** Some at a time, so that no statement takes long. */
  static final String DELETE_SOME_OLD =
      """
      DELETE FROM idempotency_key
       WHERE (tenant, key) IN (SELECT tenant, key FROM idempotency_key
                                WHERE valid_until < now() LIMIT 10000 FOR UPDATE SKIP LOCKED)
      """;

  private KeySql() {}
}
