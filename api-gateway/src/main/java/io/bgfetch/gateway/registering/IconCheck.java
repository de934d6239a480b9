package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Icon;
import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Checks the list of icons. */
final class IconCheck {

  private static final Set<String> ICON = Set.of("src", "sizes", "type", "label");

  private final RegisteringLimits limits;

  IconCheck(RegisteringLimits limits) {
    this.limits = limits;
  }

  List<Icon> check(Members options) {
    JsonArray list = options.list("icons").orElseGet(JsonArray::new);
    if (list.size() > limits.icons()) {
      throw Problem.tooLarge(options.named("icons") + ": more than " + limits.icons())
          .toException();
    }
    List<Icon> icons = new ArrayList<>();
    for (Object one : list) {
      if (!(one instanceof JsonObject json)) {
        throw options.wrong("icons", "is not a list of objects");
      }
      icons.add(icon(json, options.named("icons") + "[" + icons.size() + "]."));
    }
    return icons;
  }

  private Icon icon(JsonObject json, String path) {
    Members members = new Members(json, path, ICON);
    Icon icon =
        new Icon(
            members.storableText("src").orElseThrow(() -> members.wrong("src", "is missing")),
            members.storableText("sizes").orElse(null),
            members.storableText("type").orElse(null),
            members.storableText("label").orElse(null));
    if (bytes(icon) > limits.iconBytes()) {
      throw Problem.tooLarge(path + "src: an icon has at most " + limits.iconBytes() + " bytes")
          .toException();
    }
    return icon;
  }

  private static int bytes(Icon icon) {
    return Stream.of(icon.src(), icon.sizes(), icon.type(), icon.label())
        .filter(Objects::nonNull)
        .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }
}
