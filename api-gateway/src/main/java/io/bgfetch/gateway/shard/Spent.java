package io.bgfetch.gateway.shard;

/**
 * What the attempts at one record have spent.
 *
 * @param uploaded request body bytes sent over all attempts
 * @param uploadedBefore those of them that attempts before the current one sent
 * @param connected how long all attempts were connected, in milliseconds
 * @param connectedBefore how long those before the current one were
 */
record Spent(long uploaded, long uploadedBefore, long connected, long connectedBefore) {

  static final Spent NOTHING = new Spent(0, 0, 0, 0);

  /** What the current attempt says of itself takes the place of what it said before. */
  Spent nowWith(long uploadedInThis, long connectedInThis) {
    return new Spent(
        uploadedBefore + uploadedInThis,
        uploadedBefore,
        connectedBefore + connectedInThis,
        connectedBefore);
  }

  /** How long the current attempt was connected, as far as it said. */
  long connectedInThis() {
    return connected - connectedBefore;
  }

  /** Another attempt begins. */
  Spent before() {
    return new Spent(uploaded, uploaded, connected, connected);
  }
}
