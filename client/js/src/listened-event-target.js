/** An EventTarget that knows who listens, and has `on…` attributes. */
export class ListenedEventTarget extends EventTarget {
  #listeners = [];
  #attributes = new Map();

  /** Called after a listener came or went; for subclasses. */
  listenersChanged() {}

  addEventListener(type, callback, options) {
    const { capture, once, signal } = flattened(options);
    if (callback == null || signal?.aborted || this.#find(type, callback, capture) >= 0) {
      return;
    }
    const listener = { type: `${type}`, callback, capture, called: callback };
    if (once && (typeof callback === 'function' || typeof callback === 'object')) {
      listener.called = this.#calledOnce(listener);
    }
    super.addEventListener(type, listener.called, options);
    this.#listeners.push(listener);
    signal?.addEventListener('abort', () => this.#forget(listener), { once: true });
    this.listenersChanged();
  }

  removeEventListener(type, callback, options) {
    const listener = this.#listeners[this.#find(type, callback, flattened(options).capture)];
    super.removeEventListener(type, listener?.called ?? callback, options);
    this.#forget(listener);
  }

  /**
   * The platform forgets such a listener before it calls it, so that it may add itself again; what
   * changed thereby is told when it has returned.
   */
  #calledOnce(listener) {
    const target = this;
    return function (event) {
      const { callback } = listener;
      target.#listeners = target.#listeners.filter((one) => one !== listener);
      try {
        return typeof callback === 'function'
          ? callback.call(this, event)
          : callback.handleEvent(event);
      } finally {
        target.listenersChanged();
      }
    };
  }

  #forget(listener) {
    const index = this.#listeners.indexOf(listener);
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
