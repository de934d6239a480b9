package io.bgfetch.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Names for the files of one directory, made of URLs that nobody can trust: the last part of the
 * path, without anything that leads elsewhere or hides a file. A name is given once; the next of
 * the same gets a number. Names that differ only in case count as the same, as some file systems
 * do.
 */
final class FileNames {
  /** A file system takes 255 bytes; this leaves room for a number. */
  private static final int MAX_BYTES = 200;

  private static final int MAX_EXTENSION = 16;
  private static final String NAMELESS = "index";

  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> repeats = new HashMap<>();

  /** A name that was not given before. */
  String of(String url) {
    String name = shorten(harmless(decode(lastPart(url))));
    String key = name.toLowerCase(Locale.ROOT);
    String free = name;
    while (!taken.add(free.toLowerCase(Locale.ROOT))) {
      free = numbered(name, repeats.merge(key, 1, Integer::sum) + 1);
    }
    return free;
  }

  /** The path's last part, still coded. */
  private static String lastPart(String url) {
    String path =
        url.replaceFirst("[?#].*", "").replaceFirst("^[A-Za-z][A-Za-z0-9+.-]*://[^/]*", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Percent-decoded as UTF-8; what is not a valid escape stays as it is. */
  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] coded = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    for (int i = 0; i < coded.length; i++) {
      int high = i + 2 < coded.length ? Character.digit(coded[i + 1], 16) : -1;
      int low = i + 2 < coded.length ? Character.digit(coded[i + 2], 16) : -1;
      if (coded[i] == '%' && high >= 0 && low >= 0) {
        decoded.write(high << 4 | low);
        i += 2;
      } else {
        decoded.write(coded[i]);
      }
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }

  private static String harmless(String name) {
    String safe =
        ForeignText.clean(name)
            .replaceAll("[\\uFFFD/\\\\:*?\"<>|]", "_")
            .strip()
            .replaceFirst("^\\.+", "_")
            .replaceFirst("[. ]+$", "");
    return safe.isEmpty() || safe.equals("_") ? NAMELESS : safe;
  }

  private static String shorten(String name) {
    if (name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES) {
      return name;
    }
    int dot = extension(name);
    String extension = name.substring(dot);
    StringBuilder stem = new StringBuilder();
    int room = MAX_BYTES - extension.getBytes(StandardCharsets.UTF_8).length;
    for (int i = 0; i < dot; i += Character.charCount(name.codePointAt(i))) {
      String next = Character.toString(name.codePointAt(i));
      room -= next.getBytes(StandardCharsets.UTF_8).length;
      if (room < 0) {
        break;
      }
      stem.append(next);
    }
    return stem + extension;
  }

  private static String numbered(String name, int number) {
    int dot = extension(name);
    return name.substring(0, dot) + "-" + number + name.substring(dot);
  }

  /** Where the extension begins; the length where there is none. */
  private static int extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 1 || name.length() - dot > MAX_EXTENSION ? name.length() : dot;
  }
}
