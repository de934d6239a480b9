/** The key to constructors that a page cannot call, as in the browser. */
export const INTERNAL = Symbol('bgfetch');

/** Names the method by which a registration takes a newer state. */
export const UPDATE = Symbol('update');

/** Names the promise of an event that its handlers, and all that they wait for, have finished. */
export const FINISHED = Symbol('finished');

/** @param {unknown} key */
export function requireInternal(key) {
  if (key !== INTERNAL) {
    throw new TypeError('Illegal constructor');
  }
}

/** Waits, for less where the signal aborts. */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
    if (signal?.aborted) {
      done();
    }
  });
}
