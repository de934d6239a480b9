import { arrivingBody, registrationBody } from './registration-body.js';

/** For the gateway to answer, in milliseconds, beside the time that the bytes take. */
const ANSWER_WITHIN = 60_000;

/** Bytes a millisecond: slower than this is no connection. */
const SLOWEST = 16;

/** Between two requests of a list that comes while it is sent, in milliseconds. */
const IDLE = 5 * 60_000;

/** Makes sending a registration again safe. */
export function idempotencyKey() {
  // crypto.randomUUID is for secure contexts only
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Registers, however often that takes.
 *
 * @param {import('./gateway.js').Gateway} gateway
 * @param {object} head
 * @param {import('./request-list.js').ListedRequest[] | AsyncIterable<object>} list
 * @param {string} key
 * @returns {Promise<object>} the registration
 */
export async function register(gateway, head, list, key) {
  return Array.isArray(list)
    ? send(gateway, await registrationBody(head, list), key)
    : sendArriving(gateway, head, list, key);
}

function send(gateway, body, key, more = {}) {
  const headers = { 'Idempotency-Key': key };
  if (body.type !== undefined) {
    headers['Content-Type'] = body.type;
  }
  return gateway.json('v1/fetches', {
    method: 'POST',
    headers,
    body: body.open,
    within: ANSWER_WITHIN + body.size / SLOWEST,
    ...more,
  });
}

async function sendArriving(gateway, head, list, key) {
  const idle = new AbortController();
  let timer;
  const written = () => {
    clearTimeout(timer);
    timer = setTimeout(() => idle.abort(new TypeError('The list of requests stalled')), IDLE);
  };
  let failure;
  const told = tellingFailures(list, (cause) => {
    failure = cause;
  });
  try {
    const body = await arrivingBody(head, told, written);
    return await send(gateway, body, key, { once: body.once, signal: idle.signal });
  } catch (exception) {
    throw failure ?? exception;
  } finally {
    clearTimeout(timer);
  }
}

/** The platform's fetch hides why a body failed. */
async function* tellingFailures(list, failed) {
  try {
    yield* list;
  } catch (cause) {
    failed(cause);
    throw cause;
  }
}
