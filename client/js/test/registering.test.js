import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { BackgroundFetchManager } from '../index.js';
import { FakeGateway, registration } from './fake-gateway.js';

let gateway;
let manager;

beforeEach(async () => {
  gateway = await FakeGateway.start();
  gateway.on('POST /v1/fetches', ({ answer }) => answer(201, registration(1)));
  manager = new BackgroundFetchManager(gateway.url, { base: 'https://origin.example/dir/' });
});

afterEach(async () => {
  manager.close();
  await gateway.close();
});

async function sent() {
  return gateway.call('POST', '/v1/fetches');
}

function posts() {
  return gateway.calls.filter(({ method }) => method === 'POST');
}

async function document() {
  return JSON.parse((await sent()).body);
}

describe('a registration', () => {
  test('is the sample, with URLs that need no base', async () => {
    const made = await manager.fetch('my-fetch', ['/ep-5.mp3', 'ep-5-artwork.jpg'], {
      title: 'Episode 5: Interesting things.',
      icons: [
        {
          sizes: '300x300',
          src: '/ep-5-icon.png',
          type: 'image/png',
          purpose: 'unknown to the gateway',
        },
      ],
      downloadTotal: 60 * 1024 * 1024,
      unknown: true,
    });

    assert.equal(made.uid, registration(1).uid);
    assert.deepEqual(await document(), {
      id: 'my-fetch',
      base: 'https://origin.example/dir/',
      options: {
        title: 'Episode 5: Interesting things.',
        icons: [
          { src: 'https://origin.example/ep-5-icon.png', sizes: '300x300', type: 'image/png' },
        ],
        downloadTotal: 62914560,
      },
      requests: ['https://origin.example/ep-5.mp3', 'https://origin.example/dir/ep-5-artwork.jpg'],
    });
  });

  test('takes one URL, one Request, or anything that can be iterated', async () => {
    const url = new URL('https://a.example/');
    for (const requests of [
      `${url}`,
      url,
      new Request(url),
      new Set([`${url}`]),
      (function* () {
        yield url;
      })(),
    ]) {
      await manager.fetch('one', requests);
    }
    const documents = posts().map(({ body }) => JSON.parse(body).requests);
    assert.deepEqual(documents, Array(5).fill(['https://a.example/']));
  });

  test('carries what a Request has', async () => {
    await manager.fetch(
      'full',
      new Request('https://a.example/', {
        method: 'put',
        headers: [
          ['X-A', '1'],
          ['x-a', '2'],
        ],
        body: 'text',
        redirect: 'error',
        integrity: 'sha256-abc',
      }),
    );
    assert.deepEqual((await document()).requests, [
      {
        url: 'https://a.example/',
        method: 'PUT',
        headers: { 'content-type': 'text/plain;charset=UTF-8', 'x-a': '1, 2' },
        body: 'text',
        redirect: 'error',
        integrity: 'sha256-abc',
      },
    ]);
  });

  test('has bytes that are no text in base64', async () => {
    await manager.fetch(
      'raw',
      new Request('https://a.example/', { method: 'POST', body: Uint8Array.of(0, 255) }),
    );
    assert.equal((await document()).requests[0].bodyBase64, 'AP8=');
  });

  test('keeps a byte order mark of a body', async () => {
    await manager.fetch(
      'bom',
      new Request('https://a.example/', { method: 'POST', body: '\uFEFFa' }),
    );
    assert.equal((await document()).requests[0].body, '\uFEFFa');
  });

  test('sends a large body as a part of a form, behind its document', async () => {
    const body = new Uint8Array(200_000).fill(7);
    await manager.fetch('large', [
      new Request('https://a.example/1', { method: 'POST', body }),
      new Request('https://a.example/2', { method: 'POST', body: 'small' }),
    ]);
    const { headers, body: bytes } = await sent();
    const form = await new Response(bytes, {
      headers: { 'content-type': headers['content-type'] },
    }).formData();
    assert.deepEqual([...form.keys()], ['registration', 'body-0']);
    const { requests } = JSON.parse(form.get('registration'));
    assert.deepEqual(
      requests.map(({ bodyPart, body: inline }) => bodyPart ?? inline),
      ['body-0', 'small'],
    );
    assert.deepEqual(new Uint8Array(await form.get('body-0').arrayBuffer()), body);
  });

  test('sends a long list as lines', async () => {
    await manager.fetch(
      'long',
      Array.from({ length: 1_001 }, (unused, i) => `/${i}`),
      { title: 'T' },
    );
    const { headers, body } = await sent();
    const lines = body
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(headers['content-type'], 'application/x-ndjson');
    assert.deepEqual(lines[0], {
      id: 'long',
      base: 'https://origin.example/dir/',
      options: { title: 'T' },
    });
    assert.deepEqual([lines.length, lines[1_001]], [1_002, 'https://origin.example/1000']);
  });

  test('sends a list that comes bit by bit while it comes', async () => {
    let more;
    const rest = new Promise((resolve) => {
      more = resolve;
    });
    const list = async function* () {
      for (let i = 0; i < 5_000; i++) {
        yield `/${i}`;
      }
      await rest;
      yield '/last';
    };
    let connected;
    const connection = new Promise((resolve) => {
      connected = resolve;
    });
    const streaming = new BackgroundFetchManager(gateway.url, {
      base: 'https://origin.example/',
      fetch: (input, init) => {
        const reader = init.body.getReader();
        const body = new ReadableStream({
          async pull(controller) {
            const { done, value } = await reader.read();
            connected();
            return done ? controller.close() : controller.enqueue(value);
          },
        });
        return fetch(input, { ...init, body });
      },
    });

    const registered = streaming.fetch('arriving', list());
    await connection; // some of it is on its way before the list is at its end
    more();
    await registered;
    const lines = (await sent()).body.toString().trimEnd().split('\n');
    assert.deepEqual([lines.length, lines.at(-1)], [5_002, '"https://origin.example/last"']);
    streaming.close();
  });

  test('sends what has come of a list that comes slowly', { timeout: 20_000 }, async () => {
    let seen = '';
    let arrived;
    const first = new Promise((resolve) => {
      arrived = resolve;
    });
    const reading = new BackgroundFetchManager(gateway.url, {
      base: 'https://origin.example/',
      fetch: async (input, init) => {
        for await (const chunk of init.body) {
          seen += Buffer.from(chunk);
          if (seen.includes('/first')) {
            arrived();
          }
        }
        return new Response(JSON.stringify(registration(1)));
      },
    });
    await reading.fetch(
      'slow',
      (async function* () {
        yield '/first';
        await first;
        yield '/last';
      })(),
    );
    assert.match(seen, /last"\n$/);
  });

  test('does not give up a list while requests of it come', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const minutely = (async function* () {
        for (let i = 0; i < 12; i++) {
          yield `/${i}`;
          await new Promise(setImmediate);
          mock.timers.tick(60_000);
        }
      })();
      const swallowing = new BackgroundFetchManager(gateway.url, {
        base: 'https://origin.example/',
        fetch: async (input, init) => {
          const failure = new Promise((resolve, reject) => {
            init.signal.addEventListener('abort', () => reject(init.signal.reason));
          });
          const chunks = (async () => {
            for await (const chunk of init.body);
          })();
          await Promise.race([chunks, failure]);
          return new Response(JSON.stringify(registration(1)));
        },
      });
      assert.equal((await swallowing.fetch('slow', minutely)).id, 'fetch-1');
    } finally {
      mock.timers.reset();
    }
  });

  test('throws what its list throws, and asks once only', async () => {
    const list = async function* () {
      yield '/1';
      throw new RangeError('no more');
    };
    await assert.rejects(manager.fetch('broken', list()), new RangeError('no more'));
  });

  test('carries the key of who registers', async () => {
    const known = new BackgroundFetchManager(`${gateway.url}/below`, { apiKey: 'secret' });
    gateway.on('POST /below/v1/fetches', ({ answer }) => answer(201, registration(1)));
    await known.fetch('known', 'https://a.example/');
    assert.equal(
      (await gateway.call('POST', '/below/v1/fetches')).headers.authorization,
      'Bearer secret',
    );
    known.close();
  });
});

describe('before anything is sent', () => {
  const url = 'https://a.example/';
  const cases = {
    'an empty list': () => [[]],
    'an empty set': () => [new Set()],
    'mode no-cors': () => [new Request(url, { mode: 'no-cors' })],
    'a URL that does not parse': () => ['http://['],
    'another scheme': () => ['ftp://a.example/'],
    'a URL with a user': () => ['https://me@a.example/'],
    'a URL with a password': () => [[url, 'https://:x@a.example/']],
    'one bad among good ones': () => [[url, 'http://a b/']],
  };
  for (const [name, requests] of Object.entries(cases)) {
    test(`${name} is a TypeError`, async () => {
      await assert.rejects(manager.fetch('id', ...requests()), TypeError);
      assert.equal(gateway.calls.length, 0);
    });
  }

  test('a relative URL without a base is a TypeError', async () => {
    const baseless = new BackgroundFetchManager(gateway.url);
    await assert.rejects(baseless.fetch('id', '/relative'), /without a base/);
    assert.equal(gateway.calls.length, 0);
  });

  test('a used body, an empty id and a missing list are TypeErrors', async () => {
    const used = new Request(url, { method: 'POST', body: 'x' });
    await used.text();
    await assert.rejects(manager.fetch('id', used), TypeError);
    await assert.rejects(manager.fetch('', url), TypeError);
    await assert.rejects(manager.fetch('id'), TypeError);
    assert.equal(gateway.calls.length, 0);
  });

  test('a gateway that is no URL of the Web is a TypeError', () => {
    assert.throws(() => new BackgroundFetchManager('file:///tmp'), TypeError);
    assert.throws(() => new BackgroundFetchManager('gateway'), TypeError);
  });
});

describe('registering again', () => {
  test('happens with the same key and the same bytes when the connection is lost', async () => {
    let calls = 0;
    gateway.on('POST /v1/fetches', ({ answer, response }) =>
      ++calls < 3 ? response.destroy() : answer(201, registration(1)),
    );
    await manager.fetch(
      'again',
      new Request('https://a.example/', { method: 'POST', body: new FormData() }),
    );
    const sendings = posts().map(({ headers, body }) => `${headers['idempotency-key']} ${body}`);
    assert.equal(sendings.length, 3);
    assert.equal(new Set(sendings).size, 1);
    assert.match(gateway.calls[0].headers['idempotency-key'], /^[0-9a-f]{32}$/);
  });

  test('happens after a 503, when it says so', async () => {
    let calls = 0;
    gateway.on('POST /v1/fetches', (call) =>
      ++calls < 2
        ? FakeGateway.refusal(503, {}, { 'Retry-After': '0' })(call)
        : call.answer(201, registration(1)),
    );
    await manager.fetch(
      'again',
      Array.from({ length: 1_001 }, (unused, i) => `/${i}`),
    );
    assert.deepEqual(posts()[0].body, posts()[1].body);
  });

  for (const [name, answer] of Object.entries({
    'where the gateway says that it cannot': async () =>
      new Response('{"detail":"no database"}', { status: 503, headers: { 'Retry-After': '0' } }),
    'where nobody is there': async () => {
      throw new TypeError('no database');
    },
  })) {
    test(`comes to an end, but not soon, ${name}`, async () => {
      mock.timers.enable({ apis: ['setTimeout', 'Date'] });
      try {
        let calls = 0;
        const failing = new BackgroundFetchManager(gateway.url, {
          fetch: () => {
            calls++;
            return answer();
          },
        });
        let ended = false;
        const fetching = assert
          .rejects(failing.fetch('never', 'https://a.example/'), /no database/)
          .finally(() => {
            ended = true;
          });
        for (let seconds = 0; !ended; seconds++) {
          assert.equal(seconds < 60, true);
          mock.timers.tick(1_000);
          await new Promise(setImmediate);
        }
        await fetching;
        assert.equal(Date.now() >= 30_000, true);
        assert.equal(calls > 5 && calls < 15, true);
      } finally {
        mock.timers.reset();
      }
    });
  }

  test('is another fetch with another key', async () => {
    await manager.fetch('a', 'https://a.example/');
    await manager.fetch('b', 'https://a.example/');
    assert.equal(new Set(posts().map(({ headers }) => headers['idempotency-key'])).size, 2);
  });
});

describe('a refusal', () => {
  for (const [status, name, expected] of [
    [400, 'TypeError', 'TypeError'],
    [409, 'TypeError', 'TypeError'],
    [507, 'QuotaExceededError', 'QuotaExceededError'],
    [403, 'NotAllowedError', 'NotAllowedError'],
    [401, undefined, 'NotAllowedError'],
    [413, undefined, 'TypeError'],
    [409, 'InvalidStateError', 'InvalidStateError'],
    [409, 'AbortError', 'AbortError'],
  ]) {
    test(`${status} ${name} is a ${expected} and final`, async () => {
      const errors = [{ index: 0, detail: 'url' }];
      gateway.on(
        'POST /v1/fetches',
        FakeGateway.refusal(status, { name, detail: 'because', errors }),
      );

      const error = await manager.fetch('id', 'https://a.example/').catch((reason) => reason);

      assert.equal(error.name, expected);
      assert.equal(error instanceof (expected === 'TypeError' ? TypeError : DOMException), true);
      assert.equal(error.message, 'because');
      assert.deepEqual(error.problem.errors, errors);
      assert.equal(gateway.calls.length, 1);
    });
  }

  test('of a proxy is a TypeError, too', async () => {
    gateway.on('POST /v1/fetches', ({ response }) => response.writeHead(418).end('<h1>no</h1>'));
    await assert.rejects(manager.fetch('id', 'https://a.example/'), /answered 418/);
  });

  test('of a key that no header can carry does not say the key', () => {
    for (const apiKey of ['secret\u2013key', 'secret\nkey', '']) {
      assert.throws(
        () => new BackgroundFetchManager(gateway.url, { apiKey }),
        (error) => error instanceof TypeError && !error.message.includes('secret'),
      );
    }
  });
});
