package io.bgfetch.gateway.shard;

/** The shard has another owner now; nothing of the transaction was done. */
final class ShardLostException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ShardLostException(int shard) {
    super("shard " + shard + " has another owner now");
  }
}
