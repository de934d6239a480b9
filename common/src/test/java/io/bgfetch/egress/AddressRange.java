package io.bgfetch.egress;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** A range as two numbers: the test's own arithmetic, sharing no code with what it tests. */
record AddressRange(String cidr, int bytes, BigInteger first, BigInteger last) {

  static AddressRange of(String cidr) {
    String[] parts = cidr.split("/");
    byte[] address = bytesOf(parts[0]);
    BigInteger first = new BigInteger(1, address);
    int hostBits = address.length * 8 - Integer.parseInt(parts[1]);
    BigInteger last = first.add(BigInteger.ONE.shiftLeft(hostBits)).subtract(BigInteger.ONE);
    return new AddressRange(cidr, address.length, first, last);
  }

  boolean contains(byte[] address) {
    BigInteger number = new BigInteger(1, address);
    return address.length == bytes && first.compareTo(number) <= 0 && number.compareTo(last) <= 0;
  }

  BigInteger size() {
    return last.subtract(first);
  }

  /** Wraps around at the ends of the address space. */
  static byte[] toBytes(BigInteger number, int length) {
    byte[] bytes = new byte[length];
    BigInteger rest = number.mod(BigInteger.ONE.shiftLeft(8 * length));
    for (int i = length - 1; i >= 0; i--) {
      bytes[i] = rest.byteValue();
      rest = rest.shiftRight(8);
    }
    return bytes;
  }

  /**
   * Reads a literal by the JDK; an IPv4-mapped one, which the JDK cannot hold, as its two parts.
   */
  static byte[] bytesOf(String literal) {
    try {
      byte[] address = InetAddress.getByName(literal).getAddress();
      if (address.length == 4 && literal.contains(":")) {
        BigInteger mapped = BigInteger.valueOf(0xffff).shiftLeft(32);
        return toBytes(mapped.add(new BigInteger(1, address)), 16);
      }
      return address;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(literal, e);
    }
  }
}
