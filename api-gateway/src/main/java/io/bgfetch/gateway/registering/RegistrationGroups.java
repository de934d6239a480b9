package io.bgfetch.gateway.registering;

import io.bgfetch.fetch.Registration;
import io.bgfetch.gateway.database.GroupCommit;
import io.bgfetch.gateway.database.IdHash;
import io.bgfetch.gateway.database.PostgresFailure;
import io.bgfetch.gateway.database.RegistrationRows;
import io.bgfetch.gateway.registering.RegistrationStore.Completion;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Short registrations that come at the same time and share a transaction. Whoever the group's
 * statement leaves out, for a conflict or because a group was refused as a whole, is registered
 * alone: so each has its own answer, and it is the one that it would have had alone.
 */
final class RegistrationGroups {

  private static final int MOST_MEMBERS = 64;
  private static final int MOST_WAITING = 1_000;
  private static final long SHORT_BYTES = 16 * 1024;

  private final Pool pool;
  private final RegisteringLimits limits;
  private final Function<Member, Future<Registration>> alone;
  private final GroupCommit<Member, Optional<Registration>> group;

  /** One registration that has all it needs to exist. */
  record Member(NewRegistration registration, Completion completion) {

    /**
     * Whether it may share: one short batch that nothing else depends on, and no bodies, whose
     * bytes are counted in a row that a shard may hold.
     */
    boolean isShort() {
      return !completion.opened()
          && registration.claim() == null
          && completion.uploadTotal() == 0
          && completion.last().bytes() <= SHORT_BYTES;
    }

    private UUID uid() {
      return registration.uid();
    }

    private RegistrationHead head() {
      return registration.head();
    }

    private RequestBatch batch() {
      return completion.last();
    }
  }

  /**
   * Groups that nobody is in.
   *
   * @param alone registers one in a transaction of its own
   */
  RegistrationGroups(
      Pool pool, RegisteringLimits limits, Function<Member, Future<Registration>> alone) {
    this.pool = pool;
    this.limits = limits;
    this.alone = alone;
    this.group = new GroupCommit<>(MOST_MEMBERS, MOST_WAITING, this::write);
  }

  /** Registers a short one. */
  Future<Registration> register(Member member) {
    return group
        .join(member)
        .compose(made -> made.map(Future::succeededFuture).orElseGet(() -> alone.apply(member)));
  }

  private Future<List<Optional<Registration>>> write(List<Member> members) {
    return members.size() == 1
        ? alone.apply(members.getFirst()).map(made -> List.of(Optional.of(made)))
        : writeTogether(members);
  }

  private Future<List<Optional<Registration>>> writeTogether(List<Member> members) {
    return pool.preparedQuery(RegisteringSql.REGISTER_GROUP)
        .execute(columns(members))
        .map(rows -> inOrder(members, rows))
        .recover(
            cause ->
                PostgresFailure.isRefused(cause)
                    ? Future.succeededFuture(Collections.nCopies(members.size(), Optional.empty()))
                    : Future.failedFuture(cause));
  }

  private static List<Optional<Registration>> inOrder(List<Member> members, RowSet<Row> rows) {
    Map<UUID, Registration> made = new HashMap<>();
    for (Row row : rows) {
      Registration one = RegistrationRows.registration(row);
      made.put(one.uid(), one);
    }
    return members.stream().map(member -> Optional.ofNullable(made.get(member.uid()))).toList();
  }

  private Tuple columns(List<Member> members) {
    Tuple tuple =
        Tuple.tuple()
            .addArrayOfUUID(column(members, UUID[]::new, Member::uid))
            .addArrayOfString(column(members, String[]::new, m -> m.registration().tenant()))
            .addArrayOfString(column(members, String[]::new, m -> m.head().id()))
            .addArrayOfBuffer(column(members, Buffer[]::new, m -> IdHash.of(m.head().id())))
            .addArrayOfInteger(column(members, Integer[]::new, m -> m.registration().shard()))
            .addArrayOfString(column(members, String[]::new, m -> m.head().title()))
            .addArrayOfString(column(members, String[]::new, RegistrationGroups::icons))
            .addArrayOfString(column(members, String[]::new, RegistrationGroups::base))
            .addArrayOfInteger(column(members, Integer[]::new, m -> m.head().retry().limit()))
            .addArrayOfString(column(members, String[]::new, RegistrationGroups::statuses))
            .addArrayOfBoolean(column(members, Boolean[]::new, m -> m.head().retry().unsafe()))
            .addArrayOfLong(
                column(members, Long[]::new, m -> m.head().timeouts().connect().toMillis()))
            .addArrayOfLong(
                column(members, Long[]::new, m -> m.head().timeouts().firstByte().toMillis()))
            .addArrayOfLong(
                column(members, Long[]::new, m -> m.head().timeouts().idle().toMillis()))
            .addArrayOfLong(
                column(members, Long[]::new, m -> m.head().timeouts().total().toMillis()))
            .addArrayOfLong(column(members, Long[]::new, m -> m.head().retentionSeconds()))
            .addArrayOfLong(column(members, Long[]::new, m -> m.completion().uploadTotal()))
            .addArrayOfLong(column(members, Long[]::new, m -> m.head().downloadTotal()))
            .addArrayOfInteger(column(members, Integer[]::new, m -> m.batch().nextIndex()))
            .addArrayOfBoolean(column(members, Boolean[]::new, m -> m.completion().allGet()))
            .addInteger(limits.activeRegistrations())
            .addLong(limits.quotaBytes());
    return addRequests(tuple, members);
  }

  private static Tuple addRequests(Tuple tuple, List<Member> members) {
    UUID[] uids =
        members.stream()
            .flatMap(m -> Collections.nCopies(m.batch().size(), m.uid()).stream())
            .toArray(UUID[]::new);
    Integer[] indexes =
        members.stream()
            .flatMapToInt(m -> IntStream.range(m.batch().firstIndex(), m.batch().nextIndex()))
            .boxed()
            .toArray(Integer[]::new);
    return RequestColumns.of(members.stream().map(Member::batch).toList())
        .addTo(tuple.addArrayOfUUID(uids).addArrayOfInteger(indexes));
  }

  private static String icons(Member member) {
    return RegistrationRows.json(member.head().icons()).encode();
  }

  private static @Nullable String base(Member member) {
    return member.head().base() == null ? null : member.head().base().href();
  }

  /** As an array stands in text: there is no array of arrays of different lengths. */
  private static String statuses(Member member) {
    return member.head().retry().statuses().toString().replace('[', '{').replace(']', '}');
  }

  private static <T extends @Nullable Object> T[] column(
      List<Member> members, IntFunction<T[]> array, Function<Member, T> value) {
    return members.stream().map(value).toArray(array);
  }
}
