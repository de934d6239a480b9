package io.bgfetch.gateway.webhook;

/** The statements by which clients keep their webhooks and look into the log of deliveries. */
final class WebhookSql {

  /** 0 rows: the tenant has no place left. Two at once may try for the same place. */
  static final String CREATE =
      """
      INSERT INTO webhook (id, tenant, place, url, events, secret)
      SELECT $2, $1, place, $3, $4, $5
        FROM generate_series(1, $6) AS place
       WHERE NOT EXISTS (SELECT FROM webhook AS w WHERE w.tenant = $1 AND w.place = place.place)
       ORDER BY place LIMIT 1
      RETURNING *
      """;

  static final String FIND =
      """
      SELECT * FROM webhook WHERE tenant = $1 AND id = $2 AND place IS NOT NULL
      """;

  static final String LIST =
      """
      SELECT * FROM webhook
       WHERE tenant = $1 AND id < $2 AND place IS NOT NULL
       ORDER BY id DESC LIMIT $3
      """;

  /**
   * What is null stays as it is; who is enabled or goes elsewhere is not asked for silence. Each
   * secret that was replaced signs along for a day, eight of them at most.
   */
  static final String CHANGE =
      """
      UPDATE webhook
         SET url = coalesce($3, url), events = coalesce($4, events),
             disabled = CASE $5::boolean WHEN true THEN NULL
                                WHEN false THEN coalesce(disabled, 'requested')
                                ELSE disabled END,
             disabled_at = CASE $5::boolean WHEN true THEN NULL
                                   WHEN false THEN coalesce(disabled_at, now())
                                   ELSE disabled_at END,
             enabled_at = CASE WHEN $5 AND disabled IS NOT NULL THEN now() ELSE enabled_at END,
             silent_until = CASE WHEN $5 OR $3 <> url THEN NULL ELSE silent_until END,
             previous_secrets = CASE WHEN $6::text IS NULL THEN previous_secrets
                                ELSE (array_prepend(secret, previous_secrets))[1:8] END,
             previous_until = CASE WHEN $6 IS NULL THEN previous_until
                              ELSE (array_prepend(now() + interval '24 hours',
                                                  previous_until))[1:8] END,
             secret = coalesce($6, secret),
             updated_at = now()
       WHERE tenant = $1 AND id = $2 AND place IS NOT NULL
      RETURNING *
      """;

  /** From then on nobody sees it; its deliveries and the row are deleted by retention. */
  static final String DELETE =
      """
      UPDATE webhook SET place = NULL WHERE tenant = $1 AND id = $2 AND place IS NOT NULL
      """;

  static final String LIST_DELIVERIES =
      """
      SELECT * FROM webhook_delivery
       WHERE tenant = $1 AND webhook = $2 AND id < $3
       ORDER BY id DESC LIMIT $4
      """;

  static final String LIST_DELIVERED =
      """
      SELECT * FROM webhook_delivery
       WHERE tenant = $1 AND webhook = $2 AND id < $3 AND state = 'delivered'
       ORDER BY id DESC LIMIT $4
      """;

  static final String LIST_WAITING =
      """
      SELECT * FROM webhook_delivery
       WHERE tenant = $1 AND webhook = $2 AND id < $3 AND state = 'waiting'
       ORDER BY id DESC LIMIT $4
      """;

  static final String LIST_FAILED =
      """
      SELECT * FROM webhook_delivery
       WHERE tenant = $1 AND webhook = $2 AND id < $3 AND state = 'failed'
       ORDER BY id DESC LIMIT $4
      """;

  /** One that is being sent just now is that attempt; all others are due at once. */
  static final String SEND_AGAIN =
      """
      WITH heard AS (
        UPDATE webhook SET silent_until = NULL
         WHERE tenant = $1 AND id = $2 AND silent_until IS NOT NULL
      )
      UPDATE webhook_delivery
         SET state = 'waiting', over_at = NULL, tries = 0, since = now(),
             due_at = CASE WHEN lease IS NOT NULL AND due_at > now() THEN due_at ELSE now() END,
             lease = CASE WHEN due_at > now() THEN lease END
       WHERE tenant = $1 AND webhook = $2 AND id = $3
      RETURNING *
      """;

  private WebhookSql() {}
}
