import { requireInternal } from './internal.js';
import { foreignResponse } from './foreign-response.js';
import { responseHead } from './response-head.js';

/** One request of a background fetch and the response to it. */
export class BackgroundFetchRecord {
  #gateway;
  #path;
  #json;
  #request;
  #responseReady;

  constructor(key, gateway, registrationPath, json) {
    requireInternal(key);
    this.#gateway = gateway;
    this.#path = `${registrationPath}/records/${json.index}`;
    this.#json = json;
  }

  /** What was asked. Headers that carry secrets read `[redacted]`. */
  get request() {
    this.#request ??= this.#made();
    return this.#request;
  }

  #made() {
    const { url, method, headers, bodySize } = this.#json.request;
    if (bodySize > 0) {
      try {
        const body = this.#stream('request-body');
        return new Request(url, { method, headers, body, duplex: 'half' });
      } catch {
        // a browser whose requests have no streams: then without
      }
    }
    return new Request(url, { method, headers });
  }

  /**
   * Resolves when the head of the response is known; its body then comes as it arrives, and fails
   * where the fetch does. Rejects with `AbortError` for what was aborted, with a TypeError for what
   * has no response. Asks from the first time that somebody looks.
   *
   * @returns {Promise<Response>}
   */
  get responseReady() {
    this.#responseReady ??= this.#ready();
    return this.#responseReady;
  }

  async #ready() {
    const response = await responseHead(this.#gateway, this.#path, this.#json);
    return foreignResponse(response, () => this.#stream('body'));
  }

  /** Nothing is asked for before somebody reads. */
  #stream(which) {
    let reader;
    return new ReadableStream(
      {
        pull: async (controller) => {
          reader ??= (await this.#gateway.open(`${this.#path}/${which}`)).body.getReader();
          const { done, value } = await reader.read();
          if (done) {
            controller.close();
          } else {
            controller.enqueue(value);
          }
        },
        cancel: (reason) => reader?.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }
}
