import { backOff } from './gateway.js';
import { pause } from './internal.js';

/** How often in a row a body is asked for again without a byte of it coming. */
const ATTEMPTS = 5;

/**
 * How long a complete body may be silent, in milliseconds. One that still arrives may be so for as
 * long as its origin is, or while its fetch is paused.
 */
const SILENCE = 60_000;

/**
 * The source of a stream of one stored body. Asks for nothing before somebody reads. A complete
 * body whose connection is lost goes on where it was; one that still arrives may be another by
 * then, so there its reader fails.
 */
export class BodySource {
  #gateway;
  #path;
  #whyCut;
  #reader;
  #etag = null;
  #position = 0;
  #failures = 0;

  /**
   * @param {import('./gateway.js').Gateway} gateway
   * @param {string} path of the body
   * @param {(cut: Error) => Promise<Error>} [whyCut] finds a better reason for a body that is cut
   */
  constructor(gateway, path, whyCut = async (cut) => cut) {
    this.#gateway = gateway;
    this.#path = path;
    this.#whyCut = whyCut;
  }

  /** As a stream that reads nothing ahead. */
  stream() {
    return new ReadableStream(this, { highWaterMark: 0 });
  }

  async pull(controller) {
    for (;;) {
      try {
        this.#reader ??= await this.#open();
        const { done, value } = await this.#read();
        if (done) {
          controller.close();
        } else {
          this.#position += value.byteLength;
          this.#failures = 0;
          controller.enqueue(value);
        }
        return;
      } catch (failure) {
        await this.#recover(failure);
      }
    }
  }

  cancel(reason) {
    return this.#reader?.cancel(reason);
  }

  async #open() {
    const headers =
      this.#position === 0 ? {} : { Range: `bytes=${this.#position}-`, 'If-Range': this.#etag };
    const answer = await this.#gateway.open(this.#path, { headers });
    if (this.#position > 0 && answer.status !== 206) {
      answer.body?.cancel().catch(() => {});
      this.#etag = null; // which no other try can mend
      throw new TypeError('The body has changed while it was read');
    }
    this.#etag = answer.headers.get('ETag');
    return answer.body.getReader();
  }

  /** Reads once, until the manager is closed or a complete body has fallen silent. */
  #read() {
    const { closed } = this.#gateway;
    return new Promise((resolve, reject) => {
      const give = () => reject(closed.reason);
      const late = () => reject(new TypeError('The body has fallen silent'));
      const timer = this.#etag === null ? undefined : setTimeout(late, SILENCE);
      closed.addEventListener('abort', give);
      this.#reader
        .read()
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer);
          closed.removeEventListener('abort', give);
        });
      if (closed.aborted) {
        give();
      }
    });
  }

  async #recover(failure) {
    this.#reader?.cancel().catch(() => {});
    this.#reader = undefined;
    const { closed } = this.#gateway;
    if (failure.problem !== undefined || closed.aborted) {
      throw closed.aborted ? closed.reason : failure;
    }
    this.#failures++;
    if (this.#etag === null || this.#failures === ATTEMPTS) {
      throw await this.#whyCut(failure);
    }
    await pause(backOff(this.#failures), closed);
  }
}
