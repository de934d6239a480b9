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
      // A gateway that is away does not make it a failed fetch.
      return gateway.json(path, {
        headers,
        within: seconds * 1_000 + GRACE,
        patience: Infinity,
      });
    });
  }
  const exception = exceptionFor(known);
  if (exception !== undefined) {
    throw exception;
  }
  return known.response;
}

/** Why the body of a record broke off: for the reason that the record failed, where it did. */
export async function whyCut(gateway, path, cut) {
  try {
    return exceptionFor(await gateway.json(path)) ?? cut;
  } catch {
    return cut; // the gateway is gone, or the record is
  }
}

function exceptionFor({ result, error }) {
  switch (result) {
    case '':
    case 'success':
    case 'bad-status':
      return undefined;
    case 'aborted':
      return new DOMException('The fetch was aborted', 'AbortError');
    default:
      return new TypeError(error ?? result);
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
