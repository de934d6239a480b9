/**
 * One request of a list on its way to the gateway.
 *
 * @typedef {object} ListedRequest
 * @property {string} url absolute
 * @property {Request} [request] where it is more than a GET of that URL
 */

/**
 * Reads what `fetch` was given, with the checks that the browser makes before anything is sent.
 *
 * @param {RequestInfo | URL | Iterable<RequestInfo | URL>} requests
 * @param {string | undefined} base of relative URLs
 * @returns {ListedRequest[]}
 * @throws {TypeError}
 */
export function listed(requests, base) {
  const list = isMany(requests) ? Array.from(requests) : [requests];
  if (list.length === 0) {
    throw new TypeError('The list of requests is empty');
  }
  return list.map((request) => listedOne(request, base));
}

function isMany(requests) {
  const object = typeof requests === 'object' && requests !== null;
  return object && !(requests instanceof URL) && typeof requests[Symbol.iterator] === 'function';
}

/** As `listed`, of one request. */
export function listedOne(request, base) {
  if (!(request instanceof Request)) {
    return { url: webUrl(`${request}`, base) };
  }
  if (request.mode === 'no-cors' || request.mode === 'navigate') {
    throw new TypeError(`A request of mode ${request.mode} cannot be fetched in the background`);
  }
  const url = webUrl(request.url);
  // As with the browser's fetch: from here on the body is ours, and the caller's request is used
  // up.
  return { url, request: new Request(request) };
}

function webUrl(text, base) {
  let url;
  try {
    url = new URL(text, base);
  } catch {
    throw new TypeError(
      `Not a URL${base === undefined ? ', or relative without a base' : ''}: ${text}`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`Not an http or https URL: ${url.href}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(`A URL with a user or a password: ${url.origin}${url.pathname}`);
  }
  return url.href;
}

/**
 * A request as the gateway reads it, and its body.
 *
 * @typedef {object} WireRequest
 * @property {string | Record<string, unknown>} json without the body
 * @property {Blob} [body]
 */

/**
 * @param {ListedRequest} listed its body is read, once
 * @returns {Promise<WireRequest>}
 */
export async function wireRequest({ url, request }) {
  if (request === undefined) {
    return { json: url };
  }
  const json = { url };
  if (request.method !== 'GET') {
    json.method = request.method;
  }
  const headers = Object.fromEntries(request.headers);
  if (Object.keys(headers).length > 0) {
    json.headers = headers;
  }
  if (request.redirect !== 'follow') {
    json.redirect = request.redirect;
  }
  if (request.integrity) {
    json.integrity = request.integrity;
  }
  const body = await bodyOf(request);
  return Object.keys(json).length === 1 && body === undefined ? { json: url } : { json, body };
}

/** Not every browser has `Request.body`, so one of no bytes is none: it is sent the same. */
async function bodyOf(request) {
  if (request.method === 'GET' || request.method === 'HEAD') {
    return undefined;
  }
  const body = await request.blob();
  return body.size === 0 ? undefined : body;
}
