import { followedSingly, followedUnseen } from './environment.js';
import { EventSubscription } from './event-subscription.js';
import { pause, STATE, turn, UPDATE } from './internal.js';

/**
 * How long a resumed stream has to mention a registration before it is asked for, in milliseconds.
 */
const MENTIONED_WITHIN = 2_000;

/** How many registrations whose end may pass unheard are remembered, the latest of them. */
const MOST_UNHEARD = 10_000;

/** How many of these are read at a time. */
const READ_AT_A_TIME = 4;

/** For how long another stream of all goes on where the one before was closed, in milliseconds. */
const RESUMED_WITHIN = 5 * 60_000;

/**
 * Where registrations hear of changes: from a stream of their own while they are few, else, and
 * where the manager has handlers anyway, from the stream of all. Holds a registration only while
 * somebody listens to it, so that what nobody has any more is let go.
 */
export class News {
  #gateway;
  #listener;
  #followed = new Map();
  #collected = new FinalizationRegistry((uid) => this.#collect(uid));
  #handlers = false;
  #closed = false;
  #all = null;
  #allOpen = false;
  #position = { lastEventId: '', until: 0 };

  /** States, by uid, of what may have ended while the stream of all was not there. */
  #unheard = new Map();

  /**
   * @param {import('./gateway.js').Gateway} gateway
   * @param {object} listener
   * @param {() => void} listener.opened the stream of all is there, perhaps once more
   * @param {(type: string, state: object) => void} listener.heard an event of the stream of all, or
   *   an end that was found out otherwise; some ends come twice
   * @param {(refusal: Error) => void} listener.refused
   */
  constructor(gateway, listener) {
    this.#gateway = gateway;
    this.#listener = listener;
  }

  /** Whether the stream of all is wanted for itself. */
  set handlers(wanted) {
    this.#handlers = wanted && !this.#closed;
    this.#arrange();
  }

  /** Somebody has got an active registration, and may look at it at any time. */
  expect(registration) {
    if (this.#handlers && !this.#allOpen) {
      this.#remember(registration[STATE]);
    }
    if (followedUnseen === Infinity) {
      this.heed(registration, false);
    }
  }

  /** Somebody looks at an active registration, or listens to it. */
  heed(registration, listenedTo) {
    if (this.#closed) {
      return;
    }
    const { uid } = registration;
    let follower = this.#followed.get(uid);
    if (follower === undefined) {
      follower = {
        uid,
        reference: new WeakRef(registration),
        held: null,
        single: null,
        timer: undefined,
      };
      this.#followed.set(uid, follower);
      this.#collected.register(registration, uid, follower);
      if (this.#allOpen) {
        this.#read(uid).catch(() => this.#doubt(uid));
      }
      this.#arrange();
    }
    follower.held = listenedTo ? registration : null;
    this.#limit(follower);
  }

  #limit(follower) {
    clearTimeout(follower.timer);
    if (follower.held === null && followedUnseen !== Infinity) {
      follower.timer = setTimeout(() => this.#drop(follower), followedUnseen);
    }
  }

  /** It has ended. */
  forget(registration) {
    const follower = this.#followed.get(registration.uid);
    if (follower !== undefined) {
      this.#drop(follower);
    }
  }

  close() {
    this.#closed = true;
    this.#handlers = false;
    const followers = [...this.#followed.values()];
    this.#followed.clear(); // first, lest the last of them get streams of their own
    followers.forEach((follower) => this.#drop(follower));
    this.#unheard.clear();
    this.#settle();
  }

  #remember(state) {
    this.#unheard.set(state.uid, state);
    if (this.#unheard.size > MOST_UNHEARD) {
      this.#unheard.delete(this.#unheard.keys().next().value);
    }
  }

  #collect(uid) {
    const follower = this.#followed.get(uid);
    if (follower !== undefined && follower.reference.deref() === undefined) {
      this.#drop(follower);
    }
  }

  #drop(follower) {
    clearTimeout(follower.timer);
    this.#collected.unregister(follower);
    if (this.#followed.get(follower.uid) === follower) {
      this.#followed.delete(follower.uid);
    }
    endSingle(follower);
    this.#arrange();
  }

  get #wantsAll() {
    // Once it is open it stays for a while, lest one more and one less were two connections each.
    const few = this.#all === null ? followedSingly : followedSingly / 2;
    return this.#handlers || this.#followed.size > few;
  }

  #arrange() {
    if (this.#wantsAll) {
      this.#all ??= this.#openAll();
    } else if (this.#all === null) {
      this.#followed.forEach((follower) => {
        follower.single ??= this.#openSingle(follower);
      });
    } else {
      turn().then(() => this.#settle()); // a handler may be there again by then
    }
  }

  /** Closes the stream of all if nobody wants it. */
  #settle() {
    if (this.#all === null || this.#wantsAll) {
      return;
    }
    const { lastEventId } = this.#all;
    this.#position = { lastEventId, until: performance.now() + RESUMED_WITHIN };
    this.#all.close();
    this.#all = null;
    this.#allOpen = false;
    this.#unheard.clear();
    this.#arrange();
  }

  #openAll() {
    const { lastEventId, until } = this.#position;
    const all = new EventSubscription(
      this.#gateway,
      'v1/events',
      {
        opened: (resumed) => {
          this.#allOpen = true;
          this.#listener.opened();
          this.#makeUp(all, resumed ? MENTIONED_WITHIN : 0);
        },
        lost: () => {
          this.#allOpen = false;
        },
        heard: ({ event, data }) => this.#heard(event, JSON.parse(data)),
        refused: (refusal) => this.#listener.refused(refusal),
      },
      performance.now() < until ? lastEventId : '',
    );
    return all;
  }

  /** Each end is told in a task of its own, so that who waits for one after the other gets all. */
  async #heard(type, state) {
    this.#unheard.delete(state.uid);
    this.#take(type, state);
    if (type !== 'progress') {
      await turn();
      this.#settle();
    }
  }

  #take(type, state) {
    this.#followed.get(state.uid)?.reference.deref()?.[UPDATE](state);
    this.#listener.heard(type, state);
  }

  /**
   * What happened while the stream of all was not there. It mentions what is active, and tells ends
   * if it is resumed; it is silent about ends before it was first there, and about what was
   * deleted.
   */
  async #makeUp(all, after) {
    this.#followed.forEach(({ reference }) => {
      const state = reference.deref()?.[STATE];
      if (state !== undefined) {
        this.#unheard.set(state.uid, state);
      }
    });
    await pause(after);
    const unheard = [...this.#unheard.keys()];
    const readAll = async () => {
      while (unheard.length > 0 && this.#allOpen && this.#all === all) {
        const uid = unheard.shift();
        if (this.#unheard.has(uid)) {
          await this.#read(uid).catch(() => this.#doubt(uid));
        }
      }
    };
    await Promise.all(Array.from({ length: READ_AT_A_TIME }, readAll));
  }

  /** What became of one; from now on the stream of all is enough for it. */
  async #read(uid) {
    const state = await this.#gateway.find(`v1/fetches/${uid}`);
    if (state === undefined) {
      this.#missing(uid);
    } else if (state.result === '') {
      this.#followed.get(uid)?.reference.deref()?.[UPDATE](state);
    } else {
      this.#take(endOf(state), state);
    }
    this.#unheard.delete(uid);
    const follower = this.#followed.get(uid);
    if (follower !== undefined && this.#allOpen) {
      endSingle(follower);
    }
  }

  /** It could not be read: a stream of its own, which tries until it can, will know. */
  #doubt(uid) {
    const follower = this.#followed.get(uid);
    if (follower !== undefined) {
      follower.single ??= this.#openSingle(follower);
    }
  }

  /** Deleted: that aborts what is active, and nobody else will say so any more. */
  #missing(uid) {
    const follower = this.#followed.get(uid);
    const known = follower?.reference.deref()?.[STATE] ?? this.#unheard.get(uid);
    if (known?.result === '') {
      const state = {
        ...known,
        version: known.version + 1,
        result: 'failure',
        failureReason: 'aborted',
        recordsAvailable: false,
        endedAt: new Date().toISOString(),
      };
      this.#take(endOf(state), state);
    }
    if (follower !== undefined) {
      this.#drop(follower);
    }
  }

  #openSingle(follower) {
    return new EventSubscription(this.#gateway, `v1/fetches/${follower.uid}/events`, {
      heard: ({ data }) => follower.reference.deref()?.[UPDATE](JSON.parse(data)),
      gone: (missing) => (missing ? this.#missing(follower.uid) : this.#drop(follower)),
      refused: (refusal) => this.#listener.refused(refusal),
    });
  }
}

/** The type of the event that an end is told by. */
function endOf({ result, failureReason }) {
  if (result === 'success') {
    return 'backgroundfetchsuccess';
  }
  return failureReason === 'aborted' ? 'backgroundfetchabort' : 'backgroundfetchfail';
}

function endSingle(follower) {
  follower.single?.close();
  follower.single = null;
}
