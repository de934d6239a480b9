package io.bgfetch.blob;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * Where the bytes of a body are: in the message or row itself, or in segments of the blob store.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = StoredBody.Inline.class, name = "inline"),
  @JsonSubTypes.Type(value = StoredBody.Segments.class, name = "segments")
})
public sealed interface StoredBody {

  /** The largest body that rides inline, in bytes. */
  int INLINE_LIMIT = 16 * 1024;

  StoredBody EMPTY = new Inline(new byte[0]);

  /** Length in bytes. */
  long size();

  /** A small body. The array is owned by this value: nobody changes it. */
  @SuppressWarnings("ArrayRecordComponent") // equality of bodies is asked for nowhere
  record Inline(byte[] bytes) implements StoredBody {
    @Override
    public long size() {
      return bytes.length;
    }
  }

  /** A body in the blob store, its segments in the order of the bytes: the body's manifest. */
  record Segments(List<Segment> segments) implements StoredBody {
    public Segments {
      segments = List.copyOf(segments);
    }

    @Override
    public long size() {
      return segments.stream().mapToLong(Segment::size).sum();
    }
  }

  /**
   * One immutable blob of a body.
   *
   * @param key its name in the blob store
   * @param size its length in bytes
   */
  record Segment(String key, long size) {}
}
