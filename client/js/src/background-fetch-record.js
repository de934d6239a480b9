import { BodySource } from './body-source.js';
import { requestsStream } from './environment.js';
import { foreignResponse } from './foreign-response.js';
import { requireInternal } from './internal.js';
import { responseHead, whyCut } from './response-head.js';

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
    if (bodySize > 0 && requestsStream) {
      const body = new BodySource(this.#gateway, `${this.#path}/request-body`).stream();
      return new Request(url, { method, headers, body, duplex: 'half' });
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
    const why = (cut) => whyCut(this.#gateway, this.#path, cut);
    return foreignResponse(response, () =>
      new BodySource(this.#gateway, `${this.#path}/body`, why).stream(),
    );
  }
}
