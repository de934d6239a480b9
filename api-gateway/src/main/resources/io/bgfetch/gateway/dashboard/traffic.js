import { TimeChart, byteScale, decimalScale } from './chart.js';
import { setText } from './elements.js';
import * as format from './format.js';
import { poll } from './poll.js';

const EVERY = 2000;
const NOT_OFFERED = 30_000;

const byId = (id) => document.getElementById(id);

/**
 * The charts of the tenant's traffic.
 *
 * @param {import('./api.js').Api} api
 * @param {() => boolean} wanted
 */
export function showTraffic(api, wanted) {
  const bytes = new TimeChart(byId('bytes-chart'), {
    name: 'Bytes per second',
    format: format.byteRate,
    scale: byteScale,
  });
  const fetches = new TimeChart(byId('fetches-chart'), {
    name: 'Fetches per second',
    format: format.countRate,
    scale: decimalScale,
  });
  const show = ({ points, running, waiting }) => {
    const line = (member) =>
      points.map((point) => ({ at: Date.parse(point.at), value: point[member] }));
    bytes.show(line('bytesPerSecond'));
    fetches.show(line('fetchesPerSecond'));
    const last = points.at(-1);
    tell(
      last ? format.byteRate(last.bytesPerSecond) : '–',
      last ? format.countRate(last.fetchesPerSecond) : '–',
      format.count(running),
      format.count(waiting),
    );
  };
  return poll(async () => {
    try {
      show(await api.get('v1/stats'));
      return EVERY;
    } catch (problem) {
      const missing = problem.status === 404;
      const rate = missing ? 'not available' : '–';
      tell(rate, rate, '–', '–');
      return missing ? NOT_OFFERED : EVERY;
    }
  }, wanted);
}

function tell(bytes, fetches, running, waiting) {
  setText(byId('bytes-now'), bytes);
  setText(byId('fetches-now'), fetches);
  setText(byId('records-running'), running);
  setText(byId('records-waiting'), waiting);
}
