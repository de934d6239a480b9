package io.bgfetch.gateway.reading;

import io.bgfetch.gateway.database.StoredRegistration;
import java.util.UUID;

/**
 * Which record, and whose: what is looked up by it is found for that tenant only.
 *
 * @param uid of the registration
 * @param index of the record, from 0
 */
public record RecordKey(String tenant, UUID uid, int index) {

  /** A record of a registration that was found for its tenant. */
  public static RecordKey of(StoredRegistration registration, int index) {
    return new RecordKey(Records.tenant(registration), registration.uid(), index);
  }
}
