const inNode = typeof process === 'object' && typeof process.versions?.node === 'string';

/**
 * Whether a request's body can be streamed over HTTP/1.1. Browsers stream over HTTP/2 only, and
 * tell nobody beforehand: there bodies are Blobs, which they may keep on disk.
 */
export const streamsUploads = inNode;

/** Whether a `Request` can have a stream as its body; some browsers take it for a string. */
export const requestsStream = (() => {
  let asked = false;
  try {
    const init = {
      method: 'POST',
      body: new ReadableStream(),
      get duplex() {
        asked = true;
        return 'half';
      },
    };
    return !new Request('https://request.invalid/', init).headers.has('Content-Type') && asked;
  } catch {
    return false;
  }
})();

/**
 * How many registrations are followed by a stream each; more share the stream of all. A browser has
 * six connections per host for everything.
 */
export const followedSingly = inNode ? 32 : 2;

/**
 * For how long a registration that nobody listens to is followed after somebody looked at it, in
 * milliseconds. An open stream keeps Node running, and a server may register thousands; in a
 * browser it is there from the beginning and for as long as the object.
 */
export const followedUnseen = inNode ? 5_000 : Infinity;

/** How many responses are waited for at a time. */
export const waitsAtOnce = inNode ? 64 : 2;

/**
 * The URL that relative URLs are resolved against where nobody says which; undefined outside of
 * pages.
 */
export function ambientBase() {
  return globalThis.document?.baseURI ?? globalThis.location?.href;
}
