import { waitsAtOnce } from './environment.js';

/** How long the gateway is asked to wait for one response, in seconds, and where others want to. */
const WAIT = 30;
const SHORT_WAIT = 1;

/** For the answer itself, beyond the wait, in milliseconds. */
const GRACE = 15_000;

const queue = [];
let waiting = 0;

/**
 * Waits for the head of a record's response.
 *
 * @param {import('./gateway.js').Gateway} gateway
 * @param {string} path of the record
 * @param {object} record as it was read
 */
export async function responseHead(gateway, path, record) {
  let known = record;
  while (known.result === '' && known.response === null) {
    known = await inTurn(() => {
      const seconds = queue.length > 0 ? SHORT_WAIT : WAIT;
      const headers = { Prefer: `wait=${seconds}` };
      return gateway.json(path, { headers, within: seconds * 1_000 + GRACE });
    });
  }
  switch (known.result) {
    case '':
    case 'success':
    case 'bad-status':
      return known.response;
    case 'aborted':
      throw new DOMException('The fetch was aborted', 'AbortError');
    default:
      throw new TypeError(known.error ?? known.result);
  }
}

/** A wait keeps a connection: only so many at a time, the others one after the other. */
async function inTurn(ask) {
  if (waiting >= waitsAtOnce) {
    await new Promise((resolve) => queue.push(resolve));
  } else {
    waiting++;
  }
  try {
    return await ask();
  } finally {
    const next = queue.shift();
    if (next === undefined) {
      waiting--;
    } else {
      next();
    }
  }
}
