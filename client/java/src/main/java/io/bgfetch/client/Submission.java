package io.bgfetch.client;

import java.io.IOException;
import java.io.InputStream;

/** A registration as it goes over the wire, opened once for each time that it is sent. */
interface Submission {
  String mediaType();

  InputStream open() throws IOException;

  /** Whether it can be opened once more, now. */
  boolean isRepeatable();
}
