package io.bgfetch.worker.coding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code Accept-Encoding} and {@code Content-Encoding} say. Thread-safe. */
public final class ContentCodings {

  /** More are legal, but an attack on whoever unpacks them. */
  private static final int MOST = 2;

  private static final String IDENTITY = "identity";

  private ContentCodings() {}

  /** The value of {@code Accept-Encoding}: all that this platform can decode. */
  public static String offered() {
    return Offer.VALUE;
  }

  /** Made when it is first asked for: it loads libraries. */
  private static final class Offer {
    static final String VALUE =
        Arrays.stream(Coding.values())
            .filter(Coding::available)
            .map(Coding::token)
            .collect(Collectors.joining(", "));
  }

  /**
   * Whether a body has a coding, known or not. The origin's entity tag and byte offsets are then
   * those of the coded form.
   *
   * @param contentEncoding the header's values joined by commas, null where there is none
   */
  public static boolean coded(@Nullable String contentEncoding) {
    return !tokens(contentEncoding).isEmpty();
  }

  /**
   * The codings to undo, in the order in which they were applied; none where one of them is not
   * known or they are more than two, because then the body stays as it is (Fetch, "handle content
   * codings").
   */
  static List<Coding> toUndo(@Nullable String contentEncoding) {
    List<Coding> codings = new ArrayList<>();
    for (String token : tokens(contentEncoding)) {
      if (Coding.named(token).isEmpty() || codings.size() == MOST) {
        return List.of();
      }
      codings.add(Coding.named(token).get());
    }
    return codings;
  }

  private static List<String> tokens(@Nullable String list) {
    return list == null
        ? List.of()
        : Arrays.stream(list.split(","))
            .map(String::strip)
            .filter(token -> !token.isEmpty() && !token.equalsIgnoreCase(IDENTITY))
            .toList();
  }
}
