package io.bgfetch.gateway.database;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;

/**
 * Whether the records of a registration can still be read. Whoever ends that, for whatever reason,
 * does it here: {@code records_available} becomes false once, and in the same statement what the
 * records held is taken off the storage of their tenant.
 */
public final class Availability {

  /**
   * 0 rows: it is active, was ended before, or is not there. The rows of the records may go at once
   * when a client gave them up; where they expired, they have a day to go with their partition. A
   * process of a version that counted no storage may have stored some of it: what was not counted
   * is not taken off below zero.
   */
  static final String END =
      """
      WITH moment AS (
        SELECT now() AS at, (extract(epoch FROM now()) * 1000)::bigint AS millis
      ), ended AS (
        UPDATE registration
           SET records_available = false,
               version = greatest(version + 1, moment.millis),
               rows_due_at = CASE WHEN deleted OR expires_at > moment.at
                 THEN moment.at ELSE moment.at + interval '1 day' END
          FROM moment
         WHERE tenant = $1 AND uid = $2 AND result <> '' AND records_available
        RETURNING registration.*
      ), freed AS (
        UPDATE storage SET bytes = greatest(bytes - ended.upload_total - ended.downloaded, 0)
          FROM ended
         WHERE storage.tenant = ended.tenant AND storage.shard = ended.shard
      )
      SELECT * FROM ended
      """;

  private final SqlClient client;

  public Availability(SqlClient client) {
    this.client = client;
  }

  /**
   * Gives up the records of a registration that has ended, and with them their storage.
   *
   * @return the registration as it is from now on; empty where it is active, is not there, or its
   *     records were given up before
   */
  public Future<Optional<StoredRegistration>> end(String tenant, UUID uid) {
    return client
        .preparedQuery(END)
        .execute(Tuple.of(tenant, uid))
        .map(rows -> Registrations.all(rows).stream().findFirst());
  }
}
