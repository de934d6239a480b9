import {
  BackgroundFetchManager,
  BackgroundFetchRecord,
  BackgroundFetchRegistration,
} from '../../index.js';
import { requestsStream } from '../../src/environment.js';
import { bytesOf, digest, ended, equal, eventually, ok, rejects, until } from './expect.js';

/**
 * What the client does with a real gateway, by name. Each is given `gateway` and `origin`, URLs,
 * and runs in Node and in browsers.
 */
export const scenarios = {
  async 'the sample of the browser runs unchanged'({ gateway, origin }) {
    const backgroundFetch = new BackgroundFetchManager(gateway, { base: origin });

    const registration = await backgroundFetch.fetch(
      'my-fetch',
      ['/ep-5.mp3', 'ep-5-artwork.jpg'],
      {
        title: 'Episode 5: Interesting things.',
        icons: [{ sizes: '300x300', src: '/ep-5-icon.png', type: 'image/png' }],
        downloadTotal: 60 * 1024 * 1024,
      },
    );
    equal(registration.id, 'my-fetch');
    let progress = 0;
    registration.addEventListener('progress', () => progress++);
    await ended(registration);

    equal(registration.result, 'success', registration.failureReason);
    ok(progress > 0, 'progress fires');
    equal(registration.downloadTotal, 60 * 1024 * 1024);
    equal(registration.downloaded, 200_000 + 3_000);
    const record = await registration.match('/ep-5.mp3');
    const response = await record.responseReady;
    ok(response instanceof Response, 'a Response');
    equal(response.url, new URL('/ep-5.mp3', origin).href);
    equal((await bytesOf(response)).length, 200_000);
    equal(await registration.match('/ep-6.mp3'), undefined);
    equal(registration.recordsAvailable, true);
  },

  async 'the document gives the base where there is one'({ gateway, origin }) {
    const manager = new BackgroundFetchManager(gateway);
    if (globalThis.document === undefined) {
      await rejects(manager.fetch('without-base', '/bytes/1'), 'TypeError');
      return;
    }
    const registration = await manager.fetch('without-base', 'bytes/1?of-document');
    const [record] = await registration.matchAll();
    equal(record.request.url, `${origin}/bytes/1?of-document`);
    await ended(registration);
  },

  async 'bodies of every type arrive as a Request sends them'({ gateway, origin }) {
    const form = new FormData();
    form.append('field', 'value ü');
    form.append('file', new Blob([Uint8Array.of(0, 1, 255)]), 'name.bin');
    const bodies = {
      string: 'text ü \u0000',
      blob: new Blob(['{"a":1}'], { type: 'application/json' }),
      buffer: Uint8Array.of(0, 255, 128).buffer,
      view: new Uint8Array([9, 0, 255, 128]).subarray(1),
      form,
      params: new URLSearchParams({ a: 'b c', d: 'ü' }),
    };
    const url = (name) => `${origin}/echo?${name}`;
    const requests = Object.entries(bodies).map(
      ([name, body]) =>
        new Request(url(name), { method: 'POST', body, headers: { 'X-Own': name } }),
    );
    const stream = new Blob(['streamed']).stream();
    if (requestsStream) {
      requests.push(new Request(url('stream'), { method: 'PUT', body: stream, duplex: 'half' }));
    }
    const large = new Uint8Array(300_000).map((unused, i) => i * 7);
    const lists = {
      inline: requests,
      'in a form': [...requests.map((one) => one.clone()), largeOf(url, large)],
    };

    for (const [id, list] of Object.entries(lists)) {
      const expected = await Promise.all(
        list.map(async (request) => [request.clone(), await sent(request)]),
      );
      const registration = await new BackgroundFetchManager(gateway).fetch(`bodies ${id}`, list);
      const total = expected.reduce((sum, [, { bytes }]) => sum + bytes.length, 0);
      equal(registration.uploadTotal, total, 'uploadTotal');
      await ended(registration);
      equal(registration.result, 'success', registration.failureReason);
      equal(registration.uploaded, total, 'uploaded');

      const records = await registration.matchAll(undefined, { ignoreMethod: true });
      equal(records.length, list.length);
      for (const [i, record] of records.entries()) {
        const [request, { bytes, type }] = expected[i];
        const seen = await (await record.responseReady).json();
        equal(seen.method, request.method);
        equal(seen.headers['content-type'], type ?? undefined, request.url);
        equal(seen.headers['x-own'], request.headers.get('x-own') ?? undefined);
        equal(await digest(fromBase64(seen.bodyBase64)), await digest(bytes), request.url);
        equal(record.request.method, request.method);
      }
    }
  },

  async 'requests are remembered with their bodies'({ gateway, origin }) {
    const request = new Request(`${origin}/echo?kept`, {
      method: 'PATCH',
      body: 'kept',
      headers: { A: 'b' },
    });
    const registration = await new BackgroundFetchManager(gateway).fetch('kept', request);
    equal(request.bodyUsed, true, 'used up, as by fetch');

    const [record] = await registration.matchAll(`${origin}/echo?kept`, { ignoreMethod: true });
    equal(await registration.matchAll(`${origin}/echo?kept`), []);
    ok(record instanceof BackgroundFetchRecord, 'a record');
    ok(record.request instanceof Request && record.request === record.request, 'one Request');
    equal(record.request.method, 'PATCH');
    equal(record.request.headers.get('a'), 'b');
    if (requestsStream) {
      equal(await record.request.text(), 'kept');
    }
    await ended(registration);
  },

  async 'a body streams while it arrives'({ gateway, origin }) {
    const manager = new BackgroundFetchManager(gateway);
    const endless = `${origin}/drip/40000000?chunk=1000&every=100&seed=3`; // more than an hour
    const dripping = await manager.fetch('dripping', endless);
    const { body } = await (await dripping.match(endless)).responseReady;
    const reader = body.getReader();
    for (let length = 0; length < 3_000; ) {
      length += (await reader.read()).value.length;
    }
    equal((await manager.get('dripping')) === dripping, true, 'still active');
    await reader.cancel();
    await dripping.abort();

    const url = `${origin}/drip/10000?chunk=1000&every=50&seed=3`;
    const registration = await manager.fetch('dripped', url);
    const live = await (await registration.match(url)).responseReady;
    const expected = await digest(await bytesOf(await fetch(`${origin}/bytes/10000?seed=3`)));
    equal(await digest(await bytesOf(live)), expected);
    await ended(registration);
    const again = await (await registration.match(url)).responseReady;
    equal(await digest(await bytesOf(again.clone())), expected);
    equal(await digest(await bytesOf(again)), expected);
  },

  async 'a body that the abort cuts fails its reader'({ gateway, origin }) {
    const url = `${origin}/drip/1000000?chunk=100&every=100&cut`;
    const registration = await new BackgroundFetchManager(gateway).fetch('cut', url);
    const response = await (await registration.match(url)).responseReady;
    const reader = response.body.getReader();
    await reader.read();

    equal(await registration.abort(), true);

    const reading = async () => {
      for (let next = await reader.read(); !next.done; next = await reader.read());
    };
    await rejects(reading(), 'AbortError');
  },

  async 'an abort is true once'({ gateway, origin }) {
    const manager = new BackgroundFetchManager(gateway);
    const registration = await manager.fetch('abort', [`${origin}/never?a`, `${origin}/never?b`]);
    const record = await registration.match(`${origin}/never?a`);
    const ready = record.responseReady;

    equal(await registration.abort(), true);
    equal(registration.result, 'failure');
    equal(registration.failureReason, 'aborted');
    equal(await registration.abort(), false);
    await rejects(ready, 'AbortError');
    equal(await manager.get('abort'), undefined);
    const next = await manager.fetch('abort', `${origin}/never?c`);
    ok(next !== registration && next.uid !== registration.uid, 'another one');
    await next.abort();
  },

  async 'one fetch is one object'({ gateway, origin }) {
    const manager = new BackgroundFetchManager(gateway);
    const registration = await manager.fetch('same', `${origin}/never?same`);

    ok((await manager.get('same')) === registration, 'the one that fetch gave');
    ok((await manager.get('same')) === (await manager.get('same')), 'the same');
    ok(registration instanceof BackgroundFetchRegistration, 'a registration');
    ok((await manager.getIds()).includes('same'), 'its id is listed');
    equal(await manager.get('nobody'), undefined);
    await rejects(manager.get(''), 'TypeError');
    const other = await new BackgroundFetchManager(gateway).get('same');
    ok(other !== registration && other.uid === registration.uid, 'another manager has its own');
    await until(other, 'progress', () => true);
    await registration.abort();
    await ended(other);
    equal(await manager.get('same'), undefined);
  },

  async 'refusals are the exceptions of the browser'({ gateway, origin }) {
    const manager = new BackgroundFetchManager(gateway);
    const url = `${origin}/never?refusals`;
    const active = await manager.fetch('refusals', url);

    await rejects(manager.fetch('refusals', url), 'TypeError');
    await rejects(manager.fetch('empty', []), 'TypeError');
    await rejects(manager.fetch('no-cors', new Request(url, { mode: 'no-cors' })), 'TypeError');
    const { problem } = await rejects(
      manager.fetch('port', [url, 'http://127.0.0.1:25/']),
      'TypeError',
    );
    equal(problem.errors[0].index, 1);
    await rejects(manager.fetch('x'.repeat(1_025), url), 'TypeError');
    const failing = await manager.fetch('failing', [
      `${origin}/status/404`,
      `${origin}/redirect-to?url=ftp://x/`,
    ]);
    await ended(failing);
    equal(failing.result, 'failure');
    ok(['bad-status', 'fetch-error'].includes(failing.failureReason), failing.failureReason);
    const [missing, broken] = await failing.matchAll();
    const response = await missing.responseReady;
    equal([response.status, response.ok, await response.text()], [404, false, 'status']);
    await rejects(broken.responseReady, 'TypeError');
    await rejects(failing.pause(), 'InvalidStateError');
    await rejects(active.match('http://['), 'TypeError');
    await active.abort();
  },

  async 'a redirected response says so'({ gateway, origin }) {
    const url = `${origin}/redirect/2`;
    const registration = await new BackgroundFetchManager(gateway).fetch('redirected', url);
    await ended(registration);
    const response = await (await registration.match(url)).responseReady;
    equal(
      [response.redirected, response.url, response.status],
      [true, `${origin}/redirect/0`, 200],
    );
    equal(response.clone().url, response.url);
    equal(response.headers.get('content-type'), 'text/plain');
  },

  async 'a paused fetch goes on when it is told to'({ gateway, origin }) {
    const registration = await new BackgroundFetchManager(gateway).fetch(
      'paused',
      `${origin}/drip/2000000?chunk=1000&every=100&paused`,
    );
    await registration.pause();
    equal(registration.paused, true);
    await registration.resume();
    equal(registration.paused, false);
    await registration.abort();
  },

  async 'ends come to the handlers, once, and are waited for'({ gateway, origin }) {
    const manager = new BackgroundFetchManager(gateway, { releaseRecords: true });
    const told = [];
    const saved = new Map();
    const take = (event) => {
      if (!event.registration.id.startsWith('handled')) {
        return;
      }
      told.push(`${event.type} ${event.registration.id}`);
      event.waitUntil(
        (async () => {
          const records = await event.registration.matchAll();
          const responses = records.map(({ responseReady }) =>
            responseReady.catch(() => undefined),
          );
          const texts = (await Promise.all(responses)).map((response) => response?.text());
          saved.set(event.registration.id, await Promise.all(texts));
          await event.updateUI?.({ title: `${event.type}!` });
        })(),
      );
    };
    for (const type of ['backgroundfetchsuccess', 'backgroundfetchfail', 'backgroundfetchabort']) {
      manager[`on${type}`] = take;
    }
    try {
      const success = await manager.fetch('handled success', `${origin}/status/200`);
      const failure = await manager.fetch('handled failure', [
        `${origin}/status/500`,
        `${origin}/status/201`,
      ]);
      const aborted = await manager.fetch('handled abort', `${origin}/never?handled`);
      await aborted.abort();
      for (const registration of [success, failure, aborted]) {
        await eventually(() => !registration.recordsAvailable);
        await rejects(registration.matchAll(), 'InvalidStateError');
      }

      equal(told.sort(), [
        'backgroundfetchabort handled abort',
        'backgroundfetchfail handled failure',
        'backgroundfetchsuccess handled success',
      ]);
      equal(saved.get('handled success'), ['status']);
      equal(saved.get('handled failure'), ['status', 'status']);
      const { title, recordsAvailable } = await (
        await fetch(`${gateway}/v1/fetches/${failure.uid}`)
      ).json();
      equal([title, recordsAvailable], ['backgroundfetchfail!', false]);
    } finally {
      manager.close();
    }
  },

  async 'records stay where nobody is to take them'({ gateway, origin }) {
    const manager = new BackgroundFetchManager(gateway, { releaseRecords: true });
    let heard;
    const success = new Promise((resolve) => {
      heard = resolve;
    });
    manager.addEventListener('backgroundfetchabort', () => {});
    const keeping = new BackgroundFetchManager(gateway);
    keeping.onbackgroundfetchsuccess = ({ registration }) =>
      registration.id === 'staying' && heard(registration);
    try {
      const registration = await manager.fetch('staying', `${origin}/bytes/10?staying`);
      const seen = await success;
      await ended(registration);
      equal([registration.recordsAvailable, seen.recordsAvailable], [true, true]);
      equal((await registration.matchAll()).length, 1);
      equal(seen.uid, registration.uid);
    } finally {
      manager.close();
      keeping.close();
    }
  },

  async 'a click comes to the handlers'({ gateway, origin }) {
    const manager = new BackgroundFetchManager(gateway);
    const clicked = new Promise((resolve) => {
      manager.onbackgroundfetchclick = resolve;
    });
    try {
      const registration = await manager.fetch('clicked', `${origin}/never?clicked`);
      await fetch(`${gateway}/v1/fetches/${registration.uid}/click`, { method: 'POST' });
      const event = await clicked;
      ok(event.registration === registration, 'of the same registration');
      await registration.abort();
    } finally {
      manager.close();
    }
  },

  async 'a list of any length is registered and matched whole'({ gateway, origin }) {
    const manager = new BackgroundFetchManager(gateway, { base: origin });
    const urls = Array.from({ length: 1_200 }, (unused, i) => `/status/200?long=${i}`);
    const registration = await manager.fetch('long', urls);
    const records = await registration.matchAll();
    equal(records.length, 1_200);
    equal(records[1_199].request.url, `${origin}${urls[1_199]}`);
    equal(
      (await registration.matchAll(`${origin}/status/200`, { ignoreSearch: true })).length,
      1_200,
    );
    await registration.abort();

    const arriving = async function* () {
      yield urls[0];
      yield new Request(`${origin}/echo?arriving`, { method: 'POST', body: 'last' });
    };
    const second = await manager.fetch('arriving', arriving());
    await ended(second);
    equal((await second.matchAll()).length, 2);
    equal(second.uploadTotal, 4);
  },

  async 'many registrations are followed at once'({ gateway, origin }) {
    const manager = new BackgroundFetchManager(gateway);
    const ids = Array.from({ length: 12 }, (unused, i) => `many ${i}`);
    const all = await Promise.all(
      ids.map((id) => manager.fetch(id, `${origin}/slow/300/bytes/500?${id}`)),
    );
    await Promise.all(all.map(ended));
    equal(new Set(all.map(({ result, downloaded }) => `${result} ${downloaded}`)).size, 1);
    equal(all[0].downloaded, 500);
  },
};

/** Of either alphabet. */
function fromBase64(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

function largeOf(url, bytes) {
  return new Request(url('large'), { method: 'PUT', body: bytes });
}

async function sent(request) {
  return { bytes: await bytesOf(request.clone()), type: request.headers.get('content-type') };
}
