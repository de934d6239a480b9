package io.bgfetch.gateway.reading;

import java.util.List;
import java.util.OptionalInt;

/**
 * Some records in order of their index.
 *
 * @param next the index behind which there may be more, empty when there are none
 */
public record RecordPage(List<StoredRecord> records, OptionalInt next) {

  public RecordPage {
    records = List.copyOf(records);
  }

  /** The page that one record more than its limit was read for, to know whether there is more. */
  static RecordPage of(List<StoredRecord> oneMore, int limit) {
    if (oneMore.size() <= limit) {
      return new RecordPage(oneMore, OptionalInt.empty());
    }
    List<StoredRecord> page = oneMore.subList(0, limit);
    return new RecordPage(page, OptionalInt.of(page.getLast().index()));
  }
}
