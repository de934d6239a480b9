package io.bgfetch.gateway.body;

import io.bgfetch.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a {@code multipart/form-data} body into its parts (RFC 2046, section 5.1; RFC 7578) as it
 * comes, wherever its pieces begin and end. Keeps no more of it than a delimiter or the head of a
 * part.
 */
public final class FormParser {

  private static final int LONGEST_BOUNDARY = 70;
  private static final int LONGEST_HEAD = 16 * 1024;
  private static final String BOUNDARY_MARKS = "'()+_,-./:=? ";
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  private final byte[] delimiter;
  private final Sink sink;
  private State state = State.PREAMBLE;
  private byte[] bytes = LINE_END; // the first delimiter may stand at the very start
  private int at;

  /** What takes the parts, one after the other. */
  public interface Sink {

    void begin(PartHead head);

    /** The next bytes of the part that was begun. */
    void content(Buffer piece);

    /** The part that was begun is complete. */
    void partEnd();
  }

  private enum State {
    PREAMBLE,
    DELIMITER,
    HEAD,
    CONTENT,
    EPILOGUE
  }

  public FormParser(String boundary, Sink sink) {
    this.delimiter = ("\r\n--" + checked(boundary)).getBytes(StandardCharsets.US_ASCII);
    this.sink = sink;
  }

  private static String checked(String boundary) {
    boolean right =
        !boundary.isEmpty()
            && boundary.length() <= LONGEST_BOUNDARY
            && !boundary.endsWith(" ")
            && boundary.chars().allMatch(FormParser::isBoundaryChar);
    if (!right) {
      throw malformed("has no boundary in its Content-Type, or none that is allowed");
    }
    return boundary;
  }

  private static boolean isBoundaryChar(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || BOUNDARY_MARKS.indexOf(c) >= 0;
  }

  /** Takes the next bytes of the body. */
  public void parse(Buffer piece) {
    join(piece.getBytes());
    boolean moved = true;
    while (moved) {
      moved =
          switch (state) {
            case PREAMBLE -> content(false);
            case DELIMITER -> delimiterEnd();
            case HEAD -> head();
            case CONTENT -> content(true);
            case EPILOGUE -> skip();
          };
    }
  }

  /**
   * The body ends here.
   *
   * @throws io.bgfetch.gateway.problem.ProblemException of status 400 if the form does not
   */
  public void end() {
    if (state != State.EPILOGUE) {
      throw malformed("breaks off before its last boundary");
    }
  }

  private void join(byte[] more) {
    int left = bytes.length - at;
    byte[] joined = Arrays.copyOfRange(bytes, at, bytes.length + more.length);
    System.arraycopy(more, 0, joined, left, more.length);
    bytes = joined;
    at = 0;
  }

  /** What comes up to the next delimiter, or as much of it as can be no part of one. */
  private boolean content(boolean wanted) {
    int found = indexOf(delimiter);
    int end = found >= 0 ? found : Math.max(at, bytes.length - delimiter.length + 1);
    if (wanted && end > at) {
      sink.content(Buffer.buffer(end - at).appendBytes(bytes, at, end - at));
    }
    at = end;
    if (found < 0) {
      return false;
    }
    at += delimiter.length;
    state = State.DELIMITER;
    if (wanted) {
      sink.partEnd();
    }
    return true;
  }

  /** Two hyphens end the form; else the line ends, perhaps after white space, and a part begins. */
  private boolean delimiterEnd() {
    if (bytes.length - at < 2) {
      return false;
    }
    if (bytes[at] == '-' && bytes[at + 1] == '-') {
      state = State.EPILOGUE;
      return true;
    }
    while (at < bytes.length && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
    if (bytes.length - at < 2) {
      return false;
    }
    if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
      throw malformed("has its boundary where it is none");
    }
    state = State.HEAD; // the line end stays: a head may be empty
    return true;
  }

  private boolean head() {
    int found = indexOf(HEAD_END);
    if ((found < 0 ? bytes.length : found) - at > LONGEST_HEAD) {
      throw malformed("has a part with a head of more than " + LONGEST_HEAD + " bytes");
    }
    if (found < 0) {
      return false;
    }
    String lines = new String(bytes, at, found - at, StandardCharsets.UTF_8);
    at = found + HEAD_END.length;
    state = State.CONTENT;
    sink.begin(PartHead.parse(lines));
    return true;
  }

  private boolean skip() {
    at = bytes.length;
    return false;
  }

  private int indexOf(byte[] sought) {
    int last = bytes.length - sought.length;
    for (int i = at; i <= last; i++) {
      if (bytes[i] == sought[0]
          && Arrays.equals(bytes, i, i + sought.length, sought, 0, sought.length)) {
        return i;
      }
    }
    return -1;
  }

  private static RuntimeException malformed(String what) {
    return Problem.badRequest("the form " + what).toException();
  }
}
