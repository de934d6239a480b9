package io.bgfetch.gateway.api;

import io.bgfetch.gateway.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/** Where a list goes on: opaque to clients, and of one kind of list only. */
final class Cursor {

  private static final String UID = "u:";
  private static final String INDEX = "i:";
  private static final String WEBHOOK = "w:";
  private static final String DELIVERY = "d:";

  private Cursor() {}

  /** Behind a registration. */
  static String of(UUID uid) {
    return encoded(UID + uid);
  }

  /** Behind a record. */
  static String of(int index) {
    return encoded(INDEX + index);
  }

  /** Behind a webhook. */
  static String ofWebhook(UUID id) {
    return encoded(WEBHOOK + id);
  }

  /** Behind a delivery to a webhook. */
  static String ofDelivery(UUID id) {
    return encoded(DELIVERY + id);
  }

  /** The registration that a list of registrations goes on behind. */
  static UUID uid(String cursor) {
    return uuid(cursor, UID);
  }

  /** The webhook that a list of webhooks goes on behind. */
  static UUID webhook(String cursor) {
    return uuid(cursor, WEBHOOK);
  }

  /** The delivery that a list of deliveries goes on behind. */
  static UUID delivery(String cursor) {
    return uuid(cursor, DELIVERY);
  }

  private static UUID uuid(String cursor, String kind) {
    try {
      return UUID.fromString(decoded(cursor, kind));
    } catch (IllegalArgumentException notOurs) {
      throw bad();
    }
  }

  /** The index that a list of records goes on behind. */
  static int index(String cursor) {
    try {
      return Integer.parseUnsignedInt(decoded(cursor, INDEX));
    } catch (IllegalArgumentException notOurs) {
      throw bad();
    }
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String decoded(String cursor, String kind) {
    String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.ISO_8859_1);
    if (!text.startsWith(kind)) {
      throw bad();
    }
    return text.substring(kind.length());
  }

  private static RuntimeException bad() {
    return Problem.badRequest("cursor: is none that this list gave").toException();
  }
}
