import { showActions } from './actions.js';
import { fetchPath } from './api.js';
import { clone, partsOf, setText, showProgress } from './elements.js';
import * as format from './format.js';
import { RecordTable } from './records.js';
import { showHead } from './registration-row.js';
import * as view from './registration-view.js';
import { isActive } from './store.js';

const TRY_AGAIN = 5000;

/** Everything about one registration, on a page of its own. */
export class Details {
  #container;
  #api;
  #store;
  #origins;
  #uid = null;
  #listAddress;
  #parts = null;
  #records = null;
  #retry = null;

  /**
   * @param {HTMLElement} container
   * @param {import('./api.js').Api} api
   * @param {import('./store.js').Store} store
   * @param {import('./origins.js').Origins} origins
   * @param {() => string} listAddress where the reader came from
   */
  constructor(container, api, store, origins, listAddress) {
    this.#container = container;
    this.#api = api;
    this.#store = store;
    this.#origins = origins;
    this.#listAddress = listAddress;
    store.subscribe((changed) => this.#update(changed));
  }

  /** The registration that is shown, if one is. */
  get uid() {
    return this.#uid;
  }

  /** Shows one; its subscribers are told that a person opened it. */
  open(uid) {
    this.close();
    this.#uid = uid;
    this.#store.keep(this, [uid]);
    this.#container.hidden = false;
    if (this.#store.get(uid)) {
      this.#begin();
    }
    // Whether somebody could be told is not the reader's concern.
    this.#api.post(fetchPath(uid, 'click')).catch(() => {});
    this.refresh();
  }

  /** Reads the one that is shown: no event says that it was deleted, or what has expired. */
  async refresh() {
    clearTimeout(this.#retry);
    const uid = this.#uid;
    if (uid === null) {
      return;
    }
    try {
      this.#store.merge(await this.#api.get(fetchPath(uid)));
      if (this.#uid === uid && !this.#parts) {
        this.#update(new Set([uid]));
      }
    } catch (problem) {
      if (problem.status === 404) {
        this.#store.forget(uid);
      }
      if (this.#uid === uid && !this.#parts) {
        this.#tellProblem(problem);
      }
    }
  }

  close() {
    clearTimeout(this.#retry);
    this.#store.keep(this, []);
    this.#records?.close();
    this.#records = null;
    this.#parts = null;
    this.#uid = null;
    this.#container.hidden = true;
    this.#container.replaceChildren();
  }

  /** Reads it again where it has probably changed without an event. */
  checkOverdue() {
    const registration = this.#store.get(this.#uid);
    if (registration && view.isOverdue(registration, Date.now())) {
      this.refresh();
    }
  }

  /** Goes on showing what changes by itself. */
  tick() {
    const registration = this.#store.get(this.#uid);
    if (this.#parts && registration) {
      this.#showPace(registration);
    }
  }

  #begin() {
    clearTimeout(this.#retry);
    const article = clone('details-template');
    this.#parts = partsOf(article);
    this.#parts.back.href = this.#listAddress();
    this.#container.replaceChildren(article);
    this.#records = new RecordTable(this.#api, this.#parts);
    this.#show(this.#store.get(this.#uid));
    this.#origins.ask(this.#uid, (origin) => {
      if (article.isConnected) {
        setText(this.#parts.origin, origin);
      }
    });
    article.querySelector('h1').focus({ preventScroll: true });
  }

  /** That it does not exist is final; anything else is told until it works. */
  #tellProblem(problem) {
    if (problem.status === 404) {
      this.#tell('There is no such fetch', 'It was deleted, or it is not one of yours.');
    } else {
      this.#tell('This fetch cannot be shown now', problem.message);
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.refresh(), TRY_AGAIN);
    }
  }

  /** What stays the same is not read aloud again. */
  #tell(heading, reason) {
    const shown = this.#container.querySelector('[data-part=reason]');
    if (shown?.textContent === reason) {
      return;
    }
    const page = clone('problem-template');
    const parts = partsOf(page);
    setText(parts.heading, heading);
    setText(parts.reason, reason);
    this.#container.replaceChildren(page);
    parts.heading.focus();
  }

  #update(changed) {
    if (!changed.has(this.#uid)) {
      return;
    }
    const registration = this.#store.get(this.#uid);
    if (registration && !this.#parts) {
      this.#begin();
    } else if (registration) {
      this.#show(registration);
    } else {
      this.#records?.close();
      this.#parts = null;
      this.#tellProblem({ status: 404 });
    }
  }

  #show(registration) {
    const parts = this.#parts;
    showHead(parts, registration);
    showActions(parts.actions, registration, { withText: true });
    showProgress(parts.bar, parts.fill, view.shareOf(registration), view.recordsOf(registration));
    setText(parts.downloaded, format.bytesOf(registration.downloaded, registration.downloadTotal));
    parts['uploaded-figure'].hidden = registration.uploadTotal === 0;
    setText(parts.uploaded, format.bytesOf(registration.uploaded, registration.uploadTotal));
    const { settled, total, failed } = registration.records;
    setText(parts.settled, `${format.count(settled)} of ${format.count(total)}`);
    setText(parts.failed, format.count(failed));
    parts.failed.dataset.kind = failed > 0 ? 'failure' : '';
    this.#showPace(registration);
    this.#showProperties(registration);
    this.#records.show(registration);
  }

  #showPace(registration) {
    const active = isActive(registration);
    const rate = active ? this.#store.rateOf(registration.uid) : average(registration);
    const left = view.timeLeft(registration, rate);
    setText(this.#parts['rate-name'], active ? 'Rate' : 'Average rate');
    setText(this.#parts.rate, view.rateOf(rate) || '–');
    setText(this.#parts['left-name'], active ? 'Time left' : 'Took');
    setText(
      this.#parts.left,
      active ? (left === null ? '–' : format.roughly(left)) : format.duration(took(registration)),
    );
  }

  #showProperties(registration) {
    const properties = {
      Id: registration.id,
      Uid: registration.uid,
      Result: registration.result || '–',
      'Failure reason': registration.failureReason || '–',
      Registered: format.time(registration.createdAt),
      Ended: format.time(registration.endedAt),
      'Kept until': format.time(registration.expiresAt),
      'Records available': registration.recordsAvailable ? 'yes' : 'no',
      'Download total':
        registration.downloadTotal > 0 ? format.bytes(registration.downloadTotal) : 'not declared',
      Version: String(registration.version),
    };
    const list = this.#parts.properties;
    if (list.childElementCount === 0) {
      list.append(...Object.keys(properties).map(property));
    }
    Object.values(properties).forEach((value, place) => {
      setText(list.children[place].querySelector('bdi'), value);
    });
  }
}

function property(name) {
  const row = document.createElement('div');
  const term = document.createElement('dt');
  term.textContent = name;
  const value = document.createElement('dd');
  value.append(document.createElement('bdi'));
  row.append(term, value);
  return row;
}

function took(registration) {
  return Date.parse(registration.endedAt) - Date.parse(registration.createdAt);
}

function average(registration) {
  const seconds = Math.max(1, took(registration)) / 1000;
  return {
    bytes: registration.downloaded / seconds,
    records: registration.records.settled / seconds,
  };
}
