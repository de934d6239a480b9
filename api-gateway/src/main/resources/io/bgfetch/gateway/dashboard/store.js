import { RateMeter } from './rate.js';

const TELL_AFTER = 100;
const MOST_ENDED = 5000;
const MOST_FORGOTTEN = 1000;

/**
 * The registrations as this page knows them. States come from lists, answers and events in any
 * order; the one with the greater version is the later one. Whoever listens is told of changes
 * together, some times a second at most.
 */
export class Store {
  #registrations = new Map();
  #rates = new Map();
  #forgotten = new Set();
  #kept = new Map();
  #sorted = null;
  #listeners = new Set();
  #changed = new Set();
  #told = null;
  #now;

  /** @param {() => number} now in milliseconds; it never goes back */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Takes a state, unless a later one is known or the registration was deleted here. Records
   * expire without another version.
   *
   * @returns {boolean} whether it was news
   */
  merge(registration) {
    const known = this.#registrations.get(registration.uid);
    const expired = known?.recordsAvailable && !registration.recordsAvailable;
    const old =
      known &&
      (known.version > registration.version ||
        (known.version === registration.version && !expired));
    if (old || this.#forgotten.has(registration.uid)) {
      return false;
    }
    this.#registrations.set(registration.uid, registration);
    this.#measure(registration);
    if (!known || isActive(known) !== isActive(registration)) {
      this.#sorted = null;
    }
    this.#tell(registration.uid);
    return true;
  }

  /** Forgets one that was deleted; late news of it are none. */
  forget(uid) {
    this.#forgotten.add(uid);
    if (this.#forgotten.size > MOST_FORGOTTEN) {
      this.#forgotten.delete(this.#forgotten.values().next().value);
    }
    this.#drop(uid);
    this.#tell(uid);
  }

  get(uid) {
    return this.#registrations.get(uid);
  }

  /** Those with this id, or this uid, the active ones first. */
  find(id) {
    const uid = id.toLowerCase();
    const found = [...this.#registrations.values()].filter(
      (one) => one.id === id || one.uid === uid,
    );
    return [
      ...found.filter(isActive).sort(newestFirst),
      ...found.filter((one) => !isActive(one)).sort(latestEndFirst),
    ];
  }

  /**
   * Does not lose these, however long ago they ended.
   *
   * @param {object} holder who needs them; it is these alone that it needs from now on
   * @param {Iterable<string>} uids
   */
  keep(holder, uids) {
    this.#kept.set(holder, new Set(uids));
    this.#sorted = null;
  }

  /** Those under way, newest first. */
  get active() {
    return this.#sort().active;
  }

  /** Those that have ended, the latest end first; of very many only the latest. */
  get ended() {
    return this.#sort().ended;
  }

  /** Whether older ends were left out. */
  get isFull() {
    return this.ended.length >= MOST_ENDED;
  }

  /** Bytes and records per second of an active one, as of now. */
  rateOf(uid) {
    const registration = this.#registrations.get(uid);
    if (!registration || !this.#rates.has(uid)) {
      return { bytes: 0, records: 0 };
    }
    this.#measure(registration);
    const { bytes, records } = this.#rates.get(uid);
    return { bytes: bytes.perSecond, records: records.perSecond };
  }

  /**
   * @param {(changed: Set<string>) => void} listener given the uids of what is new, changed or gone
   */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** A pause is no slowness: what was measured before it says nothing about what comes after. */
  #measure(registration) {
    if (!isActive(registration) || registration.paused) {
      this.#rates.delete(registration.uid);
      return;
    }
    let rates = this.#rates.get(registration.uid);
    if (!rates) {
      rates = { bytes: new RateMeter(), records: new RateMeter() };
      this.#rates.set(registration.uid, rates);
    }
    const now = this.#now();
    rates.bytes.note(now, registration.downloaded + registration.uploaded);
    rates.records.note(now, registration.records.settled);
  }

  #sort() {
    if (!this.#sorted) {
      const all = [...this.#registrations.values()];
      const active = all.filter(isActive).sort(newestFirst);
      const ended = all.filter((one) => !isActive(one)).sort(latestEndFirst);
      ended.splice(MOST_ENDED).forEach(({ uid }) => this.#lose(uid));
      this.#sorted = { active, ended };
    }
    // Sorted once for each coming and going; the states themselves change in between.
    const current = (one) => this.#registrations.get(one.uid);
    return {
      active: this.#sorted.active.map(current),
      ended: this.#sorted.ended.map(current),
    };
  }

  #lose(uid) {
    if (![...this.#kept.values()].some((uids) => uids.has(uid))) {
      this.#registrations.delete(uid);
    }
  }

  #drop(uid) {
    this.#registrations.delete(uid);
    this.#rates.delete(uid);
    this.#sorted = null;
  }

  #tell(uid) {
    this.#changed.add(uid);
    this.#told ??= setTimeout(() => {
      const changed = this.#changed;
      this.#changed = new Set();
      this.#told = null;
      this.#listeners.forEach((listener) => listener(changed));
    }, TELL_AFTER);
  }
}

/** Whether it has not ended. */
export function isActive(registration) {
  return registration.result === '';
}

/** UUIDs of version 7 begin with the time. */
function newestFirst(one, other) {
  return one.uid < other.uid ? 1 : -1;
}

function latestEndFirst(one, other) {
  return one.endedAt === other.endedAt
    ? newestFirst(one, other)
    : one.endedAt < other.endedAt
      ? 1
      : -1;
}
