/**
 * Nothing that the service sends comes near: a longer event is a broken stream, not one to hold in
 * memory.
 */
const LONGEST_EVENT = 4 * 1024 * 1024;

/**
 * One event of an event stream.
 *
 * @typedef {object} ServerSentEvent
 * @property {string} event its type; `message` where the stream names none
 * @property {string} id the last event id seen so far, `''` before the first
 * @property {string} data the data lines, joined by line feeds
 */

/**
 * Reads an event stream as WHATWG HTML, section 9.2.6, says. Events come as soon as their empty
 * line does, however the bytes are cut; an event that the end of the stream cuts off is none.
 * Whoever stops reading cancels the stream. An error of the stream, and an event of more than 4 Mi
 * characters (a RangeError), is thrown.
 *
 * @param {ReadableStream<Uint8Array>} stream the bytes, for example the body of a `Response`
 * @param {object} [listener]
 * @param {(id: string) => void} [listener.identified] called with the last event id whenever a
 *   stream says one, before its event comes, and also where no event does
 * @returns {AsyncGenerator<ServerSentEvent, void, void>}
 */
export async function* readServerSentEvents(stream, listener = {}) {
  let id = '';
  let identified = false;
  let event = '';
  let data = [];
  let size = 0;
  for await (const line of readLines(stream)) {
    if (line === '') {
      if (identified) {
        listener.identified?.(id);
        identified = false;
      }
      if (data.length > 0 && (data.length > 1 || data[0] !== '')) {
        yield { event: event || 'message', id, data: data.join('\n') };
      }
      event = '';
      data = [];
      size = 0;
      continue;
    }
    const { name, value } = field(line);
    if (name === 'event') {
      event = value;
    } else if (name === 'data') {
      size += value.length;
      refuseLongerThanLongest(size);
      data.push(value);
    } else if (name === 'id' && !value.includes('\0')) {
      id = value;
      identified = true;
    }
  }
}

/** A comment, `: like this`, is a field without a name, and that is one that nobody knows. */
function field(line) {
  const colon = line.indexOf(':');
  if (colon < 0) {
    return { name: line, value: '' };
  }
  const start = line[colon + 1] === ' ' ? colon + 2 : colon + 1;
  return { name: line.slice(0, colon), value: line.slice(start) };
}

/** Lines that end with CR, LF or both. What stands behind the last end is not a line. */
async function* readLines(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let unfinished = '';
  let endedWithCarriageReturn = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      let text = decoder.decode(value, { stream: true });
      if (text === '') {
        continue;
      }
      // The line was given out at its CR already; an LF in the next chunk is the second half of the
      // same end.
      if (endedWithCarriageReturn && text[0] === '\n') {
        text = text.slice(1);
      }
      endedWithCarriageReturn = text === '' ? false : text.endsWith('\r');
      const lines = text.split(/\r\n|\r|\n/);
      lines[0] = unfinished + lines[0];
      unfinished = lines.pop();
      refuseLongerThanLongest(unfinished.length);
      yield* lines;
    }
  } finally {
    reader.cancel().catch(() => {});
    reader.releaseLock();
  }
}

function refuseLongerThanLongest(length) {
  if (length > LONGEST_EVENT) {
    throw new RangeError('An event of the stream is too long');
  }
}
