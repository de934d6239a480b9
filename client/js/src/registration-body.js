import { streamsUploads } from './environment.js';
import { wireRequest } from './request-list.js';

/**
 * A longer body is a part of a form. In a line, which has 1 MiB, even one that is all escapes fits.
 */
const LONGEST_INLINE = 128 * 1024;

/** What bodies in the document of a form, which has 16 MiB, may take together, escapes and all. */
const MOST_INLINE = 2 * 1024 * 1024;

/** A longer list goes as lines, which the gateway stores while they come. */
const MOST_IN_DOCUMENT = 1_000;
const LONGEST_DOCUMENT = 1024 * 1024;

const NDJSON = 'application/x-ndjson';

/** How much of a list is written at once, and after how many milliseconds if it is less. */
const CHUNK = 64 * 1024;
const CHUNK_WITHIN = 1_000;

/**
 * What is sent to register: its media type, its size as far as known, and its bytes, anew each
 * time.
 *
 * @typedef {object} RegistrationBody
 * @property {string} [type] none where `fetch` itself finds it, with a form's boundary
 * @property {() => BodyInit} open
 * @property {number} size
 * @property {boolean} [once] whether it can be opened only once
 */

/**
 * The body that registers a list.
 *
 * @param {object} head id, base and options
 * @param {import('./request-list.js').ListedRequest[]} list
 * @returns {Promise<RegistrationBody>}
 */
export async function registrationBody(head, list) {
  const requests = [];
  let size = 0;
  for (const one of list) {
    const request = await wireRequest(one);
    requests.push(request);
    size += one.url.length + (request.body?.size ?? 0);
  }
  if (requests.some(({ body }) => body?.size > LONGEST_INLINE)) {
    return form(head, requests);
  }
  return requests.length > MOST_IN_DOCUMENT || size > LONGEST_DOCUMENT
    ? lines(head, requests, size)
    : document(head, requests);
}

async function document(head, requests) {
  const inline = [];
  for (const request of requests) {
    inline.push(await inlined(request));
  }
  const json = JSON.stringify({ ...head, requests: inline });
  return { type: 'application/json', open: () => json, size: json.length };
}

async function lines(head, requests, size) {
  const chunks = () => chunked(encodedLines(head, requests));
  return streamsUploads
    ? { type: NDJSON, open: () => streamOf(chunks()), size }
    : gathered(chunks());
}

/** @param {Iterable<WireRequest> | AsyncIterable<WireRequest>} requests */
async function* encodedLines(head, requests) {
  yield `${JSON.stringify(head)}\n`;
  for await (const request of requests) {
    yield `${JSON.stringify(await inlined(request))}\n`;
  }
}

async function gathered(chunks) {
  const blobs = [];
  for await (const chunk of chunks) {
    blobs.push(new Blob([chunk]));
  }
  const blob = new Blob(blobs);
  return { type: NDJSON, open: () => blob, size: blob.size };
}

async function form(head, requests) {
  const parts = new FormData();
  const bodies = [];
  const listed = [];
  let inlineSize = 0;
  for (const request of requests) {
    const size = request.body?.size ?? 0;
    if (size > LONGEST_INLINE || inlineSize + size > MOST_INLINE) {
      const bodyPart = `body-${bodies.length}`;
      bodies.push([bodyPart, request.body]);
      listed.push({ ...request.json, bodyPart });
    } else {
      inlineSize += size;
      listed.push(await inlined(request));
    }
  }
  const json = JSON.stringify({ ...head, requests: listed });
  parts.append('registration', json);
  bodies.forEach(([name, body]) => parts.append(name, body));
  const size = bodies.reduce((sum, [, body]) => sum + body.size, json.length);
  return { open: () => parts, size };
}

/** Text where it is, which people can read in a log; else base64. */
async function inlined({ json, body }) {
  if (body === undefined) {
    return json;
  }
  const bytes = new Uint8Array(await body.arrayBuffer());
  try {
    return {
      ...json,
      body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    };
  } catch {
    return { ...json, bodyBase64: base64(bytes) };
  }
}

function base64(bytes) {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}

/**
 * The body that registers a list which comes while it is sent. Where uploads can be streamed it is
 * never whole in memory, and so cannot be sent twice; else it is gathered first.
 *
 * @param {object} head
 * @param {AsyncIterable<import('./request-list.js').ListedRequest>} list
 * @param {() => void} written called with each request of the list, and with each chunk that is on
 *   its way
 * @returns {Promise<RegistrationBody>}
 */
export async function arrivingBody(head, list, written) {
  const chunks = chunked(encodedLines(head, short(list, written)));
  return streamsUploads
    ? { type: NDJSON, open: () => streamOf(chunks, written), size: Infinity, once: true }
    : gathered(chunks);
}

async function* short(list, written) {
  for await (const one of list) {
    written();
    const request = await wireRequest(one);
    if (request.body?.size > LONGEST_INLINE) {
      throw new TypeError(
        `A body of more than ${LONGEST_INLINE} bytes in a list that comes while it is sent`,
      );
    }
    yield request;
  }
}

/** Whatever comes late, what came before it is not held back. */
async function* chunked(texts) {
  let chunk = '';
  let next;
  let timer;
  let late;
  try {
    for (;;) {
      next ??= texts.next();
      const { done, value } = await (chunk === '' ? next : Promise.race([next, late]));
      if (value !== undefined) {
        next = undefined;
        if (chunk === '') {
          late = new Promise((resolve) => {
            timer = setTimeout(resolve, CHUNK_WITHIN, { done: false });
          });
        }
        chunk += value;
      }
      if (chunk !== '' && (done || value === undefined || chunk.length >= CHUNK)) {
        clearTimeout(timer);
        yield chunk;
        chunk = '';
      }
      if (done) {
        return;
      }
    }
  } finally {
    clearTimeout(timer);
    next?.catch(() => {}); // nobody waits for it any more
    await texts.return();
  }
}

function streamOf(chunks, written = () => {}) {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        written();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(encoder.encode(value));
        }
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}
