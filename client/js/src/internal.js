/** The key to constructors that a page cannot call, as in the browser. */
export const INTERNAL = Symbol('bgfetch');

/** Names the method by which a registration takes a newer state. */
export const UPDATE = Symbol('update');

/** Names the state of a registration as the gateway writes it. */
export const STATE = Symbol('state');

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

/** Resolves in a task of its own, after all reactions to what has happened so far. */
export function turn() {
  return new Promise((resolve) => {
    // timers are slowed down in pages that nobody looks at
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
