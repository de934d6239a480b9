package io.bgfetch.bench;

/** One thing that is measured. */
interface Case {

  /** The letter that it is called by. */
  String id();

  String title(Bench bench);

  /** Measures, and puts what it finds into the result as it goes. */
  void measure(Bench bench, Result result) throws Exception;
}
