package io.bgfetch.url;

import com.ibm.icu.text.IDNA;
import com.ibm.icu.util.ICUInputTooLongException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Hosts, read and written out again in their one serialized form (URL standard, section 3.5). */
final class HostParser {

  /**
   * Punycode takes time that grows with the square of the length, and any length may be given. The
   * standard sets no limit; DNS ends at 253 characters, so no name that works comes near this one.
   */
  private static final int LONGEST_INTERNATIONAL_NAME = 1000;

  private static final IDNA UTS46 =
      IDNA.getUTS46Instance(
          IDNA.CHECK_BIDI
              | IDNA.CHECK_CONTEXTJ
              | IDNA.NONTRANSITIONAL_TO_ASCII
              | IDNA.NONTRANSITIONAL_TO_UNICODE);

  /** What CheckHyphens=false and VerifyDnsLength=false say; ICU has no option for them. */
  private static final Set<IDNA.Error> NOT_CHECKED =
      EnumSet.of(
          IDNA.Error.EMPTY_LABEL,
          IDNA.Error.LABEL_TOO_LONG,
          IDNA.Error.DOMAIN_NAME_TOO_LONG,
          IDNA.Error.LEADING_HYPHEN,
          IDNA.Error.TRAILING_HYPHEN,
          IDNA.Error.HYPHEN_3_4);

  private HostParser() {}

  /**
   * The serialized host that this text stands for.
   *
   * @param special whether the URL's scheme is special, so that the host is a domain or an address
   * @throws WebUrlException when it is no host
   */
  static String parse(String text, boolean special) {
    if (text.startsWith("[")) {
      return bracketed(text);
    }
    if (!special) {
      return opaque(text);
    }
    String domain = domainToAscii(PercentDecoder.decode(text));
    return Ipv4Address.endsInNumber(domain) ? Ipv4Address.parse(domain).toString() : domain;
  }

  private static String bracketed(String text) {
    if (!text.endsWith("]")) {
      throw new WebUrlException("the IPv6 address has no closing bracket");
    }
    return "[" + Ipv6Address.parse(text.substring(1, text.length() - 1)) + "]";
  }

  private static String opaque(String text) {
    refuse(AsciiSet.FORBIDDEN_IN_HOST, text);
    StringBuilder encoded = new StringBuilder(text.length());
    PercentEncodeSet.C0_CONTROL.encode(text, 0, text.length(), encoded);
    return encoded.toString();
  }

  /** URL standard, "domain to ASCII", with beStrict false. */
  private static String domainToAscii(String domain) {
    String ascii =
        isPlainAscii(domain) ? domain.toLowerCase(Locale.ROOT) : internationalToAscii(domain);
    if (ascii.isEmpty()) {
      throw new WebUrlException("the host name is empty");
    }
    refuse(AsciiSet.FORBIDDEN_IN_DOMAIN, ascii);
    return ascii;
  }

  /** ASCII without a label in Punycode: UTS 46 does no more to it than lowering its case. */
  private static boolean isPlainAscii(String domain) {
    for (int i = 0; i < domain.length(); i++) {
      boolean labelStarts = i == 0 || domain.charAt(i - 1) == '.';
      if (domain.charAt(i) >= 128 || labelStarts && domain.regionMatches(true, i, "xn--", 0, 4)) {
        return false;
      }
    }
    return true;
  }

  private static String internationalToAscii(String domain) {
    StringBuilder ascii = new StringBuilder();
    if (domain.length() > LONGEST_INTERNATIONAL_NAME || !uts46(domain, ascii)) {
      throw new WebUrlException("the host is no valid international domain name");
    }
    return ascii.toString();
  }

  private static boolean uts46(String domain, StringBuilder ascii) {
    IDNA.Info info = new IDNA.Info();
    try {
      UTS46.nameToASCII(domain, ascii, info);
    } catch (ICUInputTooLongException e) {
      return false; // one character may map to many, so that a label passes ICU's own limit
    }
    return NOT_CHECKED.containsAll(info.getErrors());
  }

  private static void refuse(AsciiSet forbidden, String host) {
    int at = forbidden.firstIn(host);
    if (at >= 0) {
      int c = host.charAt(at);
      throw new WebUrlException(
          AsciiSet.CONTROLS.contains(c)
              ? "the host has a control character in it"
              : "the host has a '" + (char) c + "' in it");
    }
  }
}
