package io.bgfetch.bench;

import java.util.Collection;
import java.util.Locale;

/** Order statistics, and how they are written. */
final class Figures {

  private Figures() {}

  static double median(Collection<? extends Number> values) {
    return quantile(values, 0.5);
  }

  /** Between the two nearest where it falls between them; not a number where there are none. */
  static double quantile(Collection<? extends Number> values, double share) {
    double[] sorted = values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** The median, with minimum and maximum where there is more than one. */
  static String spread(Collection<? extends Number> values) {
    if (values.isEmpty()) {
      return "";
    }
    String median = number(median(values));
    return values.size() == 1
        ? median
        : median + " (" + number(quantile(values, 0)) + ", " + number(quantile(values, 1)) + ")";
  }

  /** Three digits or more: 12,345, 123, 12.3, 1.23, 0.012. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    double size = Math.abs(value);
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }

  /** Without anything after the point. */
  static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }
}
