package io.bgfetch.gateway.webhook;

/**
 * The statements by which gateways send what waits, for all tenants. Whoever takes a delivery has a
 * lease; what it says after its lease is over counts for nothing.
 */
final class DeliverySql {

  /**
   * Webhooks with something due, whoever was served longest ago first: so those whose receivers
   * never answer, and of whom something is always due, hide nobody. It hops from webhook to webhook
   * in the index of what waits: a webhook costs the same, however much waits for it. The limits
   * make it so, whatever the planner believes of the tables.
   */
  static final String FIND_DUE =
      """
      WITH RECURSIVE waiting (webhook) AS (
        (SELECT webhook FROM webhook_delivery WHERE state = 'waiting' ORDER BY webhook LIMIT 1)
        UNION ALL
        SELECT (SELECT d.webhook FROM webhook_delivery AS d
                 WHERE d.state = 'waiting' AND d.webhook > waiting.webhook
                 ORDER BY d.webhook LIMIT 1)
          FROM waiting WHERE waiting.webhook IS NOT NULL
      )
      SELECT w.id FROM waiting
       CROSS JOIN LATERAL (SELECT * FROM webhook WHERE id = waiting.webhook LIMIT 1) AS w
       CROSS JOIN LATERAL (
         SELECT due_at FROM webhook_delivery
          WHERE webhook = w.id AND state = 'waiting' AND due_at <= now()
          ORDER BY due_at LIMIT 1) AS first
       WHERE w.place IS NOT NULL AND w.disabled IS NULL AND w.id <> ALL($1)
         AND (w.silent_until IS NULL OR w.silent_until <= now())
       ORDER BY w.served_at NULLS FIRST, first.due_at LIMIT 1000
      """;

  /** So many of each of these webhooks at most. */
  static final String TAKE =
      """
      WITH taken AS MATERIALIZED (
        SELECT q.id FROM unnest($1::uuid[], $2::int[]) AS t (webhook, room)
         CROSS JOIN LATERAL (
           SELECT id FROM webhook_delivery
            WHERE webhook = t.webhook AND state = 'waiting' AND due_at <= now()
            ORDER BY due_at LIMIT t.room FOR UPDATE SKIP LOCKED) AS q
      ), served AS (
        UPDATE webhook SET served_at = now()
         WHERE id IN (SELECT id FROM webhook WHERE id = ANY($1) FOR NO KEY UPDATE SKIP LOCKED)
      )
      UPDATE webhook_delivery AS d
         SET lease = $3, due_at = now() + make_interval(secs => $4)
        FROM taken, webhook AS w
       WHERE d.id = taken.id AND w.id = d.webhook AND w.place IS NOT NULL AND w.disabled IS NULL
      RETURNING d.*, w.url, w.secret,
                ARRAY(SELECT p.secret
                        FROM unnest(w.previous_secrets, w.previous_until)
                             WITH ORDINALITY AS p (secret, until, place)
                       WHERE p.until > now() ORDER BY p.place) AS previous_secrets
      """;

  static final String DELIVERED =
      """
      UPDATE webhook_delivery
         SET state = 'delivered', over_at = now(), due_at = NULL, lease = NULL,
             attempts = attempts + 1, tries = tries + 1,
             tried_at = $3, took_millis = $4, status = $5, error = $6
       WHERE id = $1 AND lease = $2
      """;

  /** Sent often enough; one that was ordered again since it was taken begins anew. */
  static final String GIVEN_UP =
      """
      UPDATE webhook_delivery
         SET state = CASE WHEN tries = $7 THEN 'failed' ELSE 'waiting' END,
             over_at = CASE WHEN tries = $7 THEN now() END,
             due_at = CASE WHEN tries <> $7 THEN now() END, lease = NULL,
             attempts = attempts + 1, tries = CASE WHEN tries = $7 THEN tries + 1 ELSE tries END,
             tried_at = $3, took_millis = $4, status = $5, error = $6
       WHERE id = $1 AND lease = $2
      """;

  static final String FAILED =
      """
      UPDATE webhook_delivery
         SET state = 'failed', over_at = now(), due_at = NULL, lease = NULL,
             attempts = attempts + 1, tries = tries + 1,
             tried_at = $3, took_millis = $4, status = $5, error = $6
       WHERE id = $1 AND lease = $2
      """;

  /** One that was ordered again since it was taken is due at once. */
  static final String AGAIN =
      """
      UPDATE webhook_delivery
         SET due_at = CASE WHEN tries = $7 THEN now() + make_interval(secs => $8) ELSE now() END,
             lease = NULL,
             attempts = attempts + 1, tries = CASE WHEN tries = $7 THEN tries + 1 ELSE tries END,
             tried_at = $3, took_millis = $4, status = $5, error = $6
       WHERE id = $1 AND lease = $2
      """;

  static final String SILENCE =
      """
      UPDATE webhook SET silent_until = now() + make_interval(secs => $3)
       WHERE id = $1 AND url = $2
      """;

  /** What was said of a URL that it had before does not count. */
  static final String GONE =
      """
      UPDATE webhook SET disabled = 'gone', disabled_at = now(), updated_at = now()
       WHERE id = $1 AND url = $2 AND disabled IS NULL
      """;

  static final String GIVE_BACK =
      """
      UPDATE webhook_delivery SET due_at = now(), lease = NULL
       WHERE id = ANY($1) AND lease = ANY($2)
      """;

  private DeliverySql() {}
}
