package io.bgfetch.url;

import java.util.BitSet;

/**
 * The ports that fetching refuses, because a protocol other than HTTP lives there and could be
 * tricked by a request (Fetch standard, "bad port").
 */
public final class BadPorts {

  private static final BitSet BAD = new BitSet();

  static {
    int[] ports = {
      0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
      102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
      465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
      993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
      6668, 6669, 6679, 6697, 10080,
    };
    for (int port : ports) {
      BAD.set(port);
    }
  }

  private BadPorts() {}

  /** Whether nothing may be fetched from this port, 0 to 65535. */
  public static boolean isBad(int port) {
    return BAD.get(port);
  }
}
