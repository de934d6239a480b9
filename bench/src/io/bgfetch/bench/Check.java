package io.bgfetch.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A target and what was measured against it.
 *
 * @param target in words
 * @param measured the figure with its unit
 */
record Check(String target, String measured, boolean kept) {

  static Check atLeast(String what, double bound, double measured, String unit) {
    String target = what + ": at least " + Figures.number(bound) + unit;
    return new Check(target, Figures.number(measured) + unit, measured >= bound);
  }

  static Check below(String what, double bound, double measured, String unit) {
    String target = what + ": below " + Figures.number(bound) + unit;
    return new Check(target, Figures.number(measured) + unit, measured < bound);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("target", target);
    json.put("measured", measured);
    json.put("kept", kept);
    return json;
  }

  static Check fromJson(Map<String, Object> json) {
    return new Check(
        json.get("target").toString(), json.get("measured").toString(), (Boolean) json.get("kept"));
  }
}
