import { followedSingly, followedUnseen } from './environment.js';
import { EventSubscription } from './event-subscription.js';
import { UPDATE } from './internal.js';

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

  /**
   * @param {import('./gateway.js').Gateway} gateway
   * @param {object} listener
   * @param {(type: string, state: object) => void} listener.heard an event of the stream of all
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
        this.#catchUp(follower);
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
    this.#arrange();
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

  #arrange() {
    // Once it is open it stays for a while, lest one more and one less were two connections each.
    const few = this.#all === null ? followedSingly : followedSingly / 2;
    const all = this.#handlers || this.#followed.size > few;
    if (all && this.#all === null) {
      this.#all = this.#openAll();
    } else if (!all && this.#all !== null) {
      this.#all.close();
      this.#all = null;
      this.#allOpen = false;
    }
    if (!all) {
      this.#followed.forEach((follower) => {
        follower.single ??= this.#openSingle(follower);
      });
    }
  }

  #openAll() {
    return new EventSubscription(this.#gateway, 'v1/events', {
      opened: (resumed) => {
        this.#allOpen = true;
        if (!resumed) {
          this.#followed.forEach((follower) => this.#catchUp(follower));
        }
      },
      heard: ({ event, data }) => {
        const state = JSON.parse(data);
        this.#followed.get(state.uid)?.reference.deref()?.[UPDATE](state);
        this.#listener.heard(event, state);
      },
      refused: (refusal) => this.#listener.refused(refusal),
    });
  }

  /** What happened before the stream of all was there; from now on that is enough. */
  async #catchUp(follower) {
    try {
      const state = await this.#gateway.find(`v1/fetches/${follower.uid}`);
      if (state === undefined) {
        this.#drop(follower);
      } else {
        follower.reference.deref()?.[UPDATE](state);
      }
      if (this.#allOpen) {
        endSingle(follower);
      }
    } catch (failure) {
      // Its own stream, which tries until it can, will know.
      if (this.#followed.get(follower.uid) === follower) {
        follower.single ??= this.#openSingle(follower);
      }
    }
  }

  #openSingle(follower) {
    return new EventSubscription(this.#gateway, `v1/fetches/${follower.uid}/events`, {
      heard: ({ data }) => follower.reference.deref()?.[UPDATE](JSON.parse(data)),
      gone: () => this.#drop(follower),
      refused: (refusal) => this.#listener.refused(refusal),
    });
  }
}

function endSingle(follower) {
  follower.single?.close();
  follower.single = null;
}
