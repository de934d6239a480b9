import { createServer } from 'node:http';

const UID = '019ab000-0000-7000-8000-0000000000';

/** A registration as the gateway writes it. */
export function registration(number, more = {}) {
  return {
    id: `fetch-${number}`,
    uid: `${UID}${String(number).padStart(2, '0')}`,
    title: '',
    icons: [],
    uploadTotal: 0,
    uploaded: 0,
    downloadTotal: 0,
    downloaded: 0,
    result: '',
    failureReason: '',
    recordsAvailable: true,
    paused: false,
    version: 1,
    records: { total: 1, settled: 0, succeeded: 0, failed: 0 },
    createdAt: '2026-01-31T12:00:00.000Z',
    endedAt: null,
    expiresAt: null,
    ...more,
  };
}

/** The same, ended well. */
export function ended(number, more = {}) {
  return registration(number, {
    version: 9,
    result: 'success',
    endedAt: '2026-01-31T12:01:00.000Z',
    ...more,
  });
}

/** What an event stream says. */
export function event(type, state, cursor = '') {
  return `event: ${type}\nid: ${state.uid}:${state.version}${cursor}\ndata: ${JSON.stringify(state)}\n\n`;
}

/**
 * A gateway that answers what a test tells it to, for faults that a real one does not have on
 * demand. Routes are `METHOD /path` without query; a handler answers by `answer(status, json,
 * headers)`, or with the bare `response`.
 */
export class FakeGateway {
  #server;
  #routes = new Map();
  #waiting = [];
  calls = [];

  static async start() {
    const gateway = new FakeGateway();
    gateway.#server = createServer((request, response) => gateway.#handle(request, response));
    await new Promise((resolve) => gateway.#server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  on(route, handler) {
    this.#routes.set(route, handler);
    return this;
  }

  async #handle(request, response) {
    const chunks = [];
    try {
      for await (const chunk of request) {
        chunks.push(chunk);
      }
    } catch {
      return; // the client gave up
    }
    const { pathname, searchParams } = new URL(request.url, this.url);
    const call = {
      method: request.method,
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks),
      closed: new Promise((resolve) => response.on('close', resolve)),
      response,
    };
    call.answer = (status, json, headers = {}) => {
      const type = status < 400 ? 'application/json' : 'application/problem+json';
      response.writeHead(status, { 'Content-Type': type, ...headers });
      response.end(json === undefined ? '' : JSON.stringify(json));
    };
    this.calls.push(call);
    this.#waiting = this.#waiting.filter((check) => !check());
    const handler = this.#routes.get(`${call.method} ${call.path}`);
    if (handler === undefined) {
      call.answer(404, { status: 404, detail: `no ${call.method} ${call.path}` });
    } else {
      handler(call);
    }
  }

  /** The n-th call of this kind, waited for. */
  async call(method, path, n = 0) {
    const found = () =>
      this.calls.filter((call) => call.method === method && call.path === path)[n];
    return (
      found() ??
      new Promise((resolve) => {
        this.#waiting.push(() => {
          const call = found();
          if (call !== undefined) {
            resolve(call);
          }
          return call !== undefined;
        });
      })
    );
  }

  /** Comes back when the gateway has seen what was sent before. */
  async roundTrip() {
    for (let i = 0; i < 3; i++) {
      await (await fetch(`${this.url}/round-trip`)).arrayBuffer();
    }
  }

  /** The calls of this kind so far. */
  count(method, path) {
    return this.calls.filter((call) => call.method === method && call.path === path).length;
  }

  /** Takes a stream of events at the path; each call is an open connection of it. */
  streams(path) {
    return this.on(`GET ${path}`, ({ response }) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(':\n\n');
    });
  }

  /** Refuses as a problem document says. */
  static refusal(status, more = {}, headers = {}) {
    return ({ answer }) =>
      answer(status, { type: 'about:blank', title: 'T', status, ...more }, headers);
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
