package io.bgfetch.gateway.problem;

import io.vertx.core.json.JsonObject;

/**
 * What is wrong with one request of a list.
 *
 * @param index of the request, from 0
 */
public record Offence(int index, String detail) {

  JsonObject toJson() {
    return new JsonObject().put("index", index).put("name", "TypeError").put("detail", detail);
  }
}
