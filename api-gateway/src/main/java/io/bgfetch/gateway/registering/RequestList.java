package io.bgfetch.gateway.registering;

import io.bgfetch.gateway.problem.Offence;
import io.bgfetch.gateway.problem.Problem;
import io.bgfetch.gateway.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The checking of a list of requests, one by one: finds the first hundred that are wrong. Where one
 * is wrong nothing of the list is stored, so from then on only the wrong ones are of interest.
 */
final class RequestList {

  static final int MOST_OFFENCES = 100;

  private final RequestCheck check;
  private final RegistrationHead head;
  private final List<Offence> offences = new ArrayList<>();
  private int size;

  RequestList(RequestCheck check, RegistrationHead head) {
    this.check = check;
    this.head = head;
  }

  /** The next request of the list, checked; null where it is wrong. */
  @Nullable CheckedRequest next(@Nullable Object request) {
    int index = nextIndex();
    try {
      return check.check(request, head.base());
    } catch (ProblemException refused) {
      refuse(index, refused);
      return null;
    }
  }

  /** The next request of the list is not even JSON. */
  void nextIsNotJson() {
    offences.add(new Offence(nextIndex(), "is not JSON"));
  }

  private int nextIndex() {
    if (size == Integer.MAX_VALUE) {
      throw Problem.tooLarge("requests: more than " + Integer.MAX_VALUE).toException();
    }
    return size++;
  }

  /** What is too large ends the checking, but does not hide what was wrong before it. */
  private void refuse(int index, ProblemException refused) {
    if (refused.problem().status() != 400) {
      requireCorrect();
      throw Problem.tooLarge("request " + index + ": " + refused.problem().detail()).toException();
    }
    offences.add(new Offence(index, refused.problem().detail()));
  }

  boolean correct() {
    return offences.isEmpty();
  }

  /** Whether so many are wrong that no more are looked for. */
  boolean hopeless() {
    return offences.size() >= MOST_OFFENCES;
  }

  /** The problem to answer with: requests that are wrong come before what ended the list. */
  Throwable firstProblem(Throwable end) {
    return correct() ? end : Problem.typeError(offences).toException();
  }

  /**
   * Ends the list.
   *
   * @throws ProblemException if it is empty or has wrong requests
   */
  void requireCorrect() {
    if (size == 0) {
      throw Problem.typeError("requests: the list is empty").toException();
    }
    if (!correct()) {
      throw Problem.typeError(offences).toException();
    }
  }
}
