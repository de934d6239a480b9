import { BackgroundFetchRecord } from './background-fetch-record.js';
import { INTERNAL, requireInternal, STATE, UPDATE } from './internal.js';
import { ListenedEventTarget } from './listened-event-target.js';
import { queryOf } from './query.js';

const PAGE = 1_000;

/** What `progress` tells of. */
const VISIBLE = [
  'uploaded',
  'downloaded',
  'result',
  'failureReason',
  'recordsAvailable',
  'paused',
];

/**
 * One background fetch. Its properties follow the service; `progress` says when they changed, up
 * to its end. It means one generation: never a later fetch of the same id.
 */
export class BackgroundFetchRegistration extends ListenedEventTarget {
  #gateway;
  #news;
  #state;

  constructor(key, gateway, news, state) {
    requireInternal(key);
    super();
    this.#gateway = gateway;
    this.#news = news;
    this.#state = state;
  }

  get id() {
    return this.#state.id;
  }

  /** UUID of this very fetch; ids are used again, this never. */
  get uid() {
    return this.#state.uid;
  }

  get uploadTotal() {
    return this.#state.uploadTotal;
  }

  get uploaded() {
    return this.#seen().uploaded;
  }

  get downloadTotal() {
    return this.#state.downloadTotal;
  }

  get downloaded() {
    return this.#seen().downloaded;
  }

  get result() {
    return this.#seen().result;
  }

  get failureReason() {
    return this.#seen().failureReason;
  }

  get recordsAvailable() {
    return this.#seen().recordsAvailable;
  }

  get paused() {
    return this.#seen().paused;
  }

  get onprogress() {
    return this.getHandler('progress');
  }

  set onprogress(handler) {
    this.setHandler('progress', handler);
  }

  listenersChanged() {
    this.#heed();
  }

  #seen() {
    this.#heed();
    return this.#state;
  }

  #heed() {
    if (this.#active) {
      this.#news.heed(this, this.isListenedTo('progress'));
    }
  }

  /** Whether it can change by itself. */
  get #active() {
    return this.#state.result === '';
  }

  /** Takes a state unless it is older than what is known. */
  [UPDATE](state) {
    const before = this.#state;
    // Records expire without another version.
    const expired = before.recordsAvailable && !state.recordsAvailable;
    if (state.version < before.version || (state.version === before.version && !expired)) {
      return;
    }
    const wasActive = this.#active;
    this.#state = state;
    if (!this.#active) {
      this.#news.forget(this);
    }
    if (wasActive && VISIBLE.some((name) => state[name] !== before[name])) {
      this.dispatchEvent(new Event('progress'));
    }
  }

  get [STATE]() {
    return this.#state;
  }

  /**
   * Ends the fetch.
   *
   * @returns {Promise<boolean>} whether it was this call that did; false once it has ended. Where
   *   an answer was lost and the call made again, an abort by somebody else at the same time counts
   *   as this one.
   */
  async abort() {
    let again = false;
    const { aborted } = await this.#gateway.json(this.#path('/abort'), {
      method: 'POST',
      repeated: () => {
        again = true;
      },
    });
    if (aborted) {
      await this.#refresh({ once: true }).catch(() => {}); // it is aborted all the same
      return true;
    }
    if (again) {
      await this.#refresh();
    }
    return again && this.#state.failureReason === 'aborted';
  }

  async #refresh(call) {
    const state = await this.#gateway.find(this.#path(), call);
    if (state !== undefined) {
      this[UPDATE](state);
    }
  }

  /**
   * Starts nothing new and stops what runs; what was fetched stays.
   *
   * @throws {DOMException} `InvalidStateError` when it has ended, or not all of it is GET
   */
  async pause() {
    this[UPDATE](await this.#order('pause'));
  }

  /** Goes on after `pause`. */
  async resume() {
    this[UPDATE](await this.#order('resume'));
  }

  /** The first record that `matchAll` would give, or undefined. */
  async match(request, options) {
    if (arguments.length === 0) {
      throw new TypeError('What to match is missing');
    }
    this.#requireRecords();
    const query = queryOf(request, options);
    const { record } = await this.#order('match', query);
    return record === null ? undefined : this.#record(record);
  }

  /**
   * The records of a request, or all, in the order of the list. Works while the fetch runs.
   *
   * @returns {Promise<BackgroundFetchRecord[]>}
   */
  async matchAll(request, options) {
    this.#requireRecords();
    const query = queryOf(request, options);
    const found = [];
    let cursor = null;
    do {
      const position = cursor === null ? {} : { cursor };
      const { records, next } = await this.#order('matchAll', {
        ...query,
        limit: PAGE,
        ...position,
      });
      records.forEach((record) => found.push(this.#record(record)));
      cursor = next;
    } while (cursor !== null);
    return found;
  }

  #requireRecords() {
    if (!this.#state.recordsAvailable) {
      throw new DOMException('The records are not available any more', 'InvalidStateError');
    }
  }

  #record(json) {
    return new BackgroundFetchRecord(INTERNAL, this.#gateway, this.#path(), json);
  }

  #order(what, json) {
    return this.#gateway.json(this.#path(`/${what}`), { method: 'POST', json });
  }

  #path(below = '') {
    return `v1/fetches/${this.uid}${below}`;
  }
}
