package io.bgfetch.gateway.reading;

/** Somebody who wants to see how a record goes on. Called on the gateway's context. */
interface RecordWatcher {

  /** A look at the record, perhaps like the one before. */
  void see(RecordSight sight);

  /** Nothing more will be seen: the gateway stops. */
  void end();
}
