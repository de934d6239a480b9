/** An EventTarget that knows who listens, and has `on…` attributes. */
export class ListenedEventTarget extends EventTarget {
  #listeners = [];
  #attributes = new Map();

  /** Called after a listener came or went; for subclasses. */
  listenersChanged() {}

  addEventListener(type, callback, options) {
    const { capture, once, signal } = flattened(options);
    const known = this.#find(type, callback, capture) >= 0;
    super.addEventListener(type, callback, options);
    if (callback == null || known || signal?.aborted) {
      return;
    }
    this.#listeners.push({ type: `${type}`, callback, capture, once });
    signal?.addEventListener('abort', () => this.#forget(type, callback, capture), { once: true });
    this.listenersChanged();
  }

  removeEventListener(type, callback, options) {
    super.removeEventListener(type, callback, options);
    this.#forget(type, callback, flattened(options).capture);
  }

  dispatchEvent(event) {
    const once = this.#listeners.filter(
      (listener) => listener.once && listener.type === event.type,
    );
    const result = super.dispatchEvent(event);
    once.forEach(({ type, callback, capture }) => this.#forget(type, callback, capture));
    return result;
  }

  #forget(type, callback, capture) {
    const index = this.#find(type, callback, capture);
    if (index >= 0) {
      this.#listeners.splice(index, 1);
      this.listenersChanged();
    }
  }

  #find(type, callback, capture) {
    return this.#listeners.findIndex(
      (one) => one.type === `${type}` && one.callback === callback && one.capture === capture,
    );
  }

  /** Whether anybody listens to one of these. */
  isListenedTo(...types) {
    return this.#listeners.some(({ type }) => types.includes(type));
  }

  /** The handler of an `on…` attribute, for subclasses. */
  getHandler(type) {
    return this.#attributes.get(type)?.handler ?? null;
  }

  /** Sets the handler of an `on…` attribute. A new one takes the place of the old in the order. */
  setHandler(type, handler) {
    const attribute = this.#attributes.get(type);
    if (typeof handler !== 'function') {
      this.#attributes.delete(type);
      if (attribute !== undefined) {
        this.removeEventListener(type, attribute.listener);
      }
    } else if (attribute !== undefined) {
      attribute.handler = handler;
    } else {
      const added = { handler, listener: (event) => added.handler.call(this, event) };
      this.#attributes.set(type, added);
      this.addEventListener(type, added.listener);
    }
  }
}

function flattened(options) {
  return typeof options === 'object' && options !== null
    ? { capture: Boolean(options.capture), once: Boolean(options.once), signal: options.signal }
    : { capture: Boolean(options), once: false, signal: undefined };
}
