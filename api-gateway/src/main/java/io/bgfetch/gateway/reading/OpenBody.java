package io.bgfetch.gateway.reading;

/** The body of a response, open for one reader, who closes it. */
public sealed interface OpenBody {

  void close();

  record Whole(CompleteBody body, StoredReading bytes) implements OpenBody {
    @Override
    public void close() {
      bytes.close();
    }
  }

  record Live(LiveReading bytes) implements OpenBody {
    @Override
    public void close() {
      bytes.close();
    }
  }
}
