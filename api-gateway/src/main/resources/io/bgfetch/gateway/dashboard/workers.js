import { clone, partsOf, setAttribute, setText } from './elements.js';
import * as format from './format.js';
import { poll } from './poll.js';

const EVERY = 2000;
const NOT_OFFERED = 30_000;

const byId = (id) => document.getElementById(id);

/**
 * The workers that are alive, in the order of their ids.
 *
 * @param {import('./api.js').Api} api
 * @param {() => boolean} wanted
 */
export function showWorkers(api, wanted) {
  const table = clone('workers-template');
  const body = table.querySelector('tbody');
  const show = (workers) => {
    setText(byId('workers-now'), format.count(workers.length));
    const sorted = workers.toSorted((one, other) => (one.id < other.id ? -1 : 1));
    while (body.childElementCount > sorted.length) {
      body.lastElementChild.remove();
    }
    sorted.forEach((worker, index) => {
      showWorker(body.children[index] ?? body.appendChild(clone('worker-template')), worker);
    });
    if (sorted.length === 0) {
      note('No worker has reported in the last seconds: nothing is fetched until one does.');
    } else if (!table.isConnected) {
      byId('workers').replaceChildren(table);
    }
  };
  return poll(async () => {
    try {
      show((await api.get('v1/workers')).workers);
      return EVERY;
    } catch (problem) {
      const missing = problem.status === 404;
      setText(byId('workers-now'), '–');
      note(missing ? 'Not available from this gateway.' : 'No answer.');
      return missing ? NOT_OFFERED : EVERY;
    }
  }, wanted);
}

function note(text) {
  const line = document.createElement('p');
  line.className = 'none';
  line.textContent = text;
  byId('workers').replaceChildren(line);
}

function showWorker(row, worker) {
  const parts = partsOf(row);
  const now = Date.now();
  setText(parts.id, worker.id);
  setAttribute(parts.id, 'title', worker.id);
  setText(parts.up, format.roughly(now - Date.parse(worker.startedAt)));
  setAttribute(parts.up, 'title', `since ${format.time(worker.startedAt)}`);
  setText(parts.running, format.count(worker.running));
  setText(parts.rate, format.byteRate(worker.bytesPerSecond));
  setText(parts.report, format.ago(now - Date.parse(worker.lastReportAt)));
  setAttribute(parts.report, 'title', format.time(worker.lastReportAt));
}
