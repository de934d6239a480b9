package io.bgfetch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image that stands for a background fetch where people see it: {@code ImageResource} of the
 * browser API.
 *
 * <pre>{@code
 * registration.updateUI("Ready", List.of(new Icon("/done.png", "300x300", "image/png")));
 * }</pre>
 *
 * @param src its URL
 * @param sizes as in HTML, for example {@code 300x300}; null where it does not matter
 * @param type its media type; null where it is not known
 * @param label what it shows, in words; null for none
 */
public record Icon(
    String src, @Nullable String sizes, @Nullable String type, @Nullable String label) {

  /** An icon without a label. */
  public Icon(String src, @Nullable String sizes, @Nullable String type) {
    this(src, sizes, type, null);
  }

  static List<Icon> listOf(JsonNode json) {
    List<Icon> icons = new ArrayList<>();
    for (JsonNode icon : json) {
      icons.add(
          new Icon(
              icon.path("src").asText(),
              Json.textOrNull(icon, "sizes"),
              Json.textOrNull(icon, "type"),
              Json.textOrNull(icon, "label")));
    }
    return List.copyOf(icons);
  }

  void addTo(ArrayNode icons) {
    ObjectNode icon = icons.addObject().put("src", src);
    if (sizes != null) {
      icon.put("sizes", sizes);
    }
    if (type != null) {
      icon.put("type", type);
    }
    if (label != null) {
      icon.put("label", label);
    }
  }
}
