import { fetchPath } from './api.js';
import { copy } from './clipboard.js';
import { notify } from './dialogs.js';
import { clone, partsOf, setAttribute, setText, showForeignUrl } from './elements.js';
import * as format from './format.js';
import { fileName, hasBody, recordState } from './registration-view.js';

const PAGE = 50;
const REFRESH = 2000;
const TRY_AGAIN = 5000;
const GONE = 'Its records were released, or have expired.';

/**
 * The records of one registration, a page at a time. Where the registration has news the page is
 * read again, some seconds apart.
 */
export class RecordTable {
  #api;
  #parts;
  #registration;
  /** The cursor of each page up to the one that is shown; null is the first one's. */
  #cursors = [null];
  /** The cursor of the page after it; null where there is none, or where it is still being read. */
  #next = null;
  #closed = false;
  #reading = 0;
  #readAt = -Infinity;
  #timer = null;

  /**
   * @param {import('./api.js').Api} api
   * @param {object} parts those of the details
   */
  constructor(api, parts) {
    this.#api = api;
    this.#parts = parts;
    parts.filter.addEventListener('change', () => this.#go([null]));
    parts.previous.addEventListener('click', () => this.#turnBack());
    parts.next.addEventListener('click', () => this.#turn());
    parts['record-rows'].addEventListener('click', (event) => this.#click(event));
  }

  /** Takes news of the registration. */
  show(registration) {
    const before = this.#registration;
    this.#registration = registration;
    const expired = before?.recordsAvailable && !registration.recordsAvailable;
    if (before?.version !== registration.version || expired) {
      this.#readAfter(this.#readAt + REFRESH - performance.now());
    }
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #turn() {
    if (this.#next !== null) {
      this.#go([...this.#cursors, this.#next]);
    }
  }

  #turnBack() {
    if (this.#cursors.length > 1) {
      this.#go(this.#cursors.slice(0, -1));
    }
  }

  #go(cursors) {
    this.#cursors = cursors;
    this.#next = null;
    this.#read();
  }

  #readAfter(pause) {
    this.#timer ??= setTimeout(() => this.#read(), Math.max(0, pause));
  }

  /** Only the answer to the latest question counts. */
  async #read() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#readAt = performance.now();
    const reading = ++this.#reading;
    const isLatest = () => !this.#closed && reading === this.#reading;
    try {
      const page = await this.#api.get(fetchPath(this.#registration.uid, 'records'), {
        result: this.#parts.filter.value,
        limit: PAGE,
        cursor: this.#cursors.at(-1),
      });
      if (isLatest()) {
        this.#showPage(page);
      }
    } catch (problem) {
      if (isLatest()) {
        this.#showProblem(problem);
      }
    }
  }

  #showPage({ records, next }) {
    this.#next = next;
    const rows = this.#parts['record-rows'];
    while (rows.childElementCount > records.length) {
      rows.lastElementChild.remove();
    }
    records.forEach((record, place) => {
      const row = rows.children[place] ?? rows.appendChild(clone('record-template'));
      this.#showRecord(row, record);
    });
    const first = (this.#cursors.length - 1) * PAGE + 1;
    setText(this.#parts['record-note'], records.length === 0 ? 'No record has this result.' : '');
    setText(
      this.#parts.range,
      records.length === 0
        ? ''
        : `${format.count(first)}–${format.count(first + records.length - 1)}${this.#outOf()}`,
    );
    this.#parts.previous.disabled = this.#cursors.length === 1;
    this.#parts.next.disabled = next === null;
  }

  #outOf() {
    return this.#parts.filter.value === ''
      ? ` of ${format.count(this.#registration.records.total)}`
      : '';
  }

  /** Records that are not there any more are no mishap; anything else is tried again. */
  #showProblem(problem) {
    const released = problem.status === 409;
    if (released) {
      this.#parts['record-rows'].replaceChildren();
      setText(this.#parts.range, '');
      this.#parts.previous.disabled = true;
      this.#parts.next.disabled = true;
    } else {
      this.#readAfter(TRY_AGAIN);
    }
    setText(this.#parts['record-note'], released ? GONE : problem.message);
  }

  #showRecord(row, record) {
    const parts = partsOf(row);
    const { request, response } = record;
    setText(parts.index, String(record.index));
    setText(parts.method, request.method);
    showForeignUrl(parts.url, request.url);
    parts.redirect.hidden = !response?.redirected;
    showForeignUrl(parts['final-url'], response?.redirected ? response.url : '');
    parts.error.hidden = !record.error;
    setText(parts.error, record.error ?? '');
    const { kind, label } = recordState(record);
    setText(parts.state, label);
    setAttribute(parts.state, 'data-kind', kind);
    setText(parts.status, response ? String(response.status) : '–');
    setAttribute(parts.status, 'title', response?.statusText || null);
    setText(parts.size, format.bytes(response?.bodySize ?? record.downloaded));
    setText(parts.attempts, String(record.attempts));
    setAttribute(parts.copy, 'aria-label', `Copy the URL of record ${record.index}`);
    this.#offerBody(parts.download, record);
    row.dataset.index = record.index;
    row.dataset.file = fileName(record);
  }

  /** A plain link lets the browser write the body to disk as it comes; a key cannot go along. */
  #offerBody(link, record) {
    const offered = hasBody(record) && this.#registration.recordsAvailable;
    setAttribute(link, 'aria-label', `Download the body of record ${record.index}`);
    setAttribute(link, 'href', offered ? this.#api.url(this.#bodyPath(record.index)).href : null);
    setAttribute(link, 'download', fileName(record));
    setAttribute(link, 'aria-hidden', offered ? null : 'true');
    link.classList.toggle('absent', !offered);
  }

  #bodyPath(index) {
    return fetchPath(this.#registration.uid, 'records', index, 'body');
  }

  #click(event) {
    const row = event.target.closest('[data-row]');
    if (event.target.closest('[data-part=copy]')) {
      copy(row.querySelector('[data-part=url]').textContent);
    } else if (event.target.closest('[data-part=download]') && this.#api.needsKey) {
      event.preventDefault();
      this.#save(row.dataset.index, row.dataset.file);
    }
  }

  async #save(index, file) {
    try {
      const url = URL.createObjectURL(await this.#api.blob(this.#bodyPath(index)));
      const link = document.createElement('a');
      link.href = url;
      link.download = file;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (problem) {
      notify(`Download: ${problem.message}`, 'problem');
    }
  }
}
