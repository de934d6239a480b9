package io.bgfetch.gateway.retention;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** What the statements of this package find. */
final class Rows {

  private Rows() {}

  /** A registration and whose it is. */
  record OfTenant(String tenant, UUID uid) {}

  static List<OfTenant> ofTenants(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> new OfTenant(row.getString("tenant"), row.getUUID("uid")))
        .toList();
  }

  static List<UUID> uids(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getUUID("uid")).toList();
  }
}
