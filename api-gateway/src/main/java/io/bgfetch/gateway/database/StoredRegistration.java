package io.bgfetch.gateway.database;

import io.bgfetch.fetch.Registration;
import io.vertx.sqlclient.Row;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A registration with what its row says beyond what clients see.
 *
 * @param base what relative URLs are relative to, null where it has none
 * @param dispatched how many of its records were ever released to workers, from index 0 on
 * @param endVersion the version with which it ended, null while it is active
 */
public record StoredRegistration(
    Registration registration,
    int shard,
    @Nullable String base,
    int dispatched,
    @Nullable Long endVersion) {

  /** The registration in a row that has all columns of the table. */
  public static StoredRegistration of(Row row) {
    return new StoredRegistration(
        RegistrationRows.registration(row),
        row.getInteger("shard"),
        row.getString("base"),
        row.getInteger("dispatched"),
        row.getLong("end_version"));
  }

  /** As it is told of: while active as it is, after that with the version of its end. */
  public Registration told() {
    return endVersion == null ? registration : registration.atVersion(endVersion);
  }

  public UUID uid() {
    return registration.uid();
  }

  public boolean active() {
    return registration.active();
  }
}
