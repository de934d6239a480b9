package io.bgfetch.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What was measured of one program in one way of use: a row of a table.
 *
 * @param unit of the values: {@code fetches/s}, {@code ms}
 * @param values one of each round
 * @param cpuSeconds of each round, or none
 * @param peakBytes of each round, or none
 * @param beside how many processors bgfetch used in each round of another program, or none
 * @param failures what went wrong, if anything
 */
record Measurement(
    String program,
    String how,
    String unit,
    List<Double> values,
    List<Double> cpuSeconds,
    List<Double> peakBytes,
    List<Double> beside,
    List<String> failures) {

  /** One without any value yet. */
  Measurement(String program, String how, String unit) {
    this(
        program,
        how,
        unit,
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>());
  }

  static Measurement of(String program, String how, String unit, double value) {
    Measurement one = new Measurement(program, how, unit);
    one.values.add(value);
    return one;
  }

  /** Adds a run that did so much. */
  void add(double amount, Run run) {
    values.add(amount / run.seconds());
    cpuSeconds.add(run.cpuSeconds());
    peakBytes.add((double) run.peakBytes());
    run.beside().ifPresent(beside::add);
  }

  double median() {
    return Figures.median(values);
  }

  boolean isMeasured() {
    return !values.isEmpty();
  }

  String title() {
    return how.isEmpty() ? program : program + ", " + how;
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("program", program);
    json.put("how", how);
    json.put("unit", unit);
    json.put("values", values);
    json.put("cpuSeconds", cpuSeconds);
    json.put("peakBytes", peakBytes);
    json.put("beside", beside);
    json.put("failures", failures);
    return json;
  }

  static Measurement fromJson(Map<String, Object> json) {
    return new Measurement(
        json.get("program").toString(),
        json.get("how").toString(),
        json.get("unit").toString(),
        doubles(json.get("values")),
        doubles(json.get("cpuSeconds")),
        doubles(json.get("peakBytes")),
        doubles(json.get("beside")),
        Json.list(json.get("failures")).stream().map(Object::toString).toList());
  }

  private static List<Double> doubles(Object list) {
    return Json.list(list).stream().filter(Objects::nonNull).map(Double.class::cast).toList();
  }
}
