import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BackgroundFetchManager } from '../index.js';
import { ended, event, FakeGateway, registration } from './fake-gateway.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** One more than are followed by a stream of their own. */
const MANY = 33;

let gateway;
let manager;

beforeEach(async () => {
  gateway = await FakeGateway.start();
  manager = new BackgroundFetchManager(gateway.url);
});

afterEach(async () => {
  manager.close();
  await gateway.close();
});

const path = (number, below = '') => `/v1/fetches/${registration(number).uid}${below}`;

/** Gets the active registration of a number, whose events come when the test sends them. */
async function active(number, by = manager) {
  gateway.streams(path(number, '/events'));
  gateway.on('GET /v1/fetches', ({ answer }) =>
    answer(200, { registrations: [registration(number)], next: null }),
  );
  return by.get(`fetch-${number}`);
}

async function progress(target, count = 1) {
  for (let i = 0; i < count; i++) {
    await once(target, 'progress');
  }
}

describe('a registration', () => {
  test('is the same object whoever asks, and undefined when none is active', async () => {
    const [first, second] = await Promise.all([active(1), active(1)]);
    assert.equal(first, second);
    const { query } = gateway.calls[0];
    assert.deepEqual(Object.fromEntries(query), { active: 'true', limit: '1', id: 'fetch-1' });

    gateway.on('GET /v1/fetches', ({ answer }) => answer(200, { registrations: [], next: null }));
    assert.equal(await manager.get('fetch-1'), undefined);
    assert.equal(await manager.get('\uD800'), undefined);
    await assert.rejects(manager.get(''), TypeError);
  });

  test('follows the service while it is listened to, and never goes back', async () => {
    const fetched = await active(1);
    let count = 0;
    fetched.onprogress = () => count++;
    const { response, closed } = await gateway.call('GET', path(1, '/events'));
    response.write(event('progress', registration(1, { version: 1 })));
    response.write(event('progress', registration(1, { version: 3, downloaded: 30 })));
    await progress(fetched);
    response.write(event('progress', registration(1, { version: 2, downloaded: 20 })));
    response.write(
      event(
        'backgroundfetchfail',
        ended(1, { result: 'failure', failureReason: 'bad-status', downloaded: 40 }),
      ),
    );
    await progress(fetched);
    await closed;

    assert.equal(count, 2);
    const { downloaded, result, failureReason, recordsAvailable } = fetched;
    assert.deepEqual(
      [downloaded, result, failureReason, recordsAvailable],
      [40, 'failure', 'bad-status', true],
    );
    assert.equal(gateway.calls.filter(({ path: one }) => one.endsWith('/events')).length, 1);
  });

  test('follows the service when it is looked at', async () => {
    const fetched = await active(1);
    assert.equal(fetched.downloaded, 0);
    const { response } = await gateway.call('GET', path(1, '/events'));
    response.write(event('progress', registration(1, { version: 2, downloaded: 5 })));
    while (fetched.downloaded === 0) {
      await new Promise(setImmediate);
    }
    assert.equal(fetched.downloaded, 5);
  });

  test('is not followed by who only registers', async () => {
    gateway.on('POST /v1/fetches', ({ answer }) => answer(201, registration(1)));
    const { id, uid, uploadTotal, downloadTotal } = await manager.fetch(
      'fetch-1',
      'https://a.example/',
    );
    assert.deepEqual([id, uid, uploadTotal, downloadTotal], ['fetch-1', registration(1).uid, 0, 0]);
    await gateway.roundTrip();
    assert.equal(gateway.calls.filter(({ path: one }) => one.endsWith('/events')).length, 0);
  });

  test('properties cannot be set', async () => {
    const fetched = await active(1);
    assert.throws(() => {
      fetched.downloaded = 1;
    }, TypeError);
  });

  test('is followed by the stream of all when there are many', async () => {
    gateway.streams('/v1/events');
    const all = [];
    for (let number = 1; number <= MANY; number++) {
      gateway.on(`GET ${path(number)}`, ({ answer }) => answer(200, registration(number)));
      const fetched = await active(number);
      fetched.onprogress = () => {};
      all.push(fetched);
    }
    const { response } = await gateway.call('GET', '/v1/events');
    const { closed } = await gateway.call('GET', path(1, '/events'));
    await closed;

    const heard = progress(all[MANY - 1]);
    response.write(event('progress', registration(MANY, { version: 2, downloaded: 1 })));
    await heard;
    const end = progress(all[0]);
    all
      .slice(0, MANY / 2 + 1)
      .forEach((unused, i) => response.write(event('backgroundfetchsuccess', ended(i + 1))));
    await end;
    assert.equal(all[0].result, 'success');

    // few again: each has a stream of its own
    await gateway.call('GET', path(MANY, '/events'), 0);
  });

  test('that ended before the stream of all was there is found out', async () => {
    gateway.streams('/v1/events');
    gateway.on(`GET ${path(1)}`, ({ answer }) => answer(200, ended(1)));
    manager.onbackgroundfetchclick = () => {};
    await gateway.call('GET', '/v1/events');
    const fetched = await active(1);
    fetched.onprogress = () => {};
    await progress(fetched);
    assert.equal(fetched.result, 'success');
  });

  // Sooner than one that is only not looked at any more.
  test('that nobody has any more is let go', { timeout: 4_000 }, async () => {
    await (async () => assert.equal((await active(1)).downloaded, 0))();
    const { closed } = await gateway.call('GET', path(1, '/events'));
    let open = true;
    closed.then(() => {
      open = false;
    });
    while (open) {
      collectGarbage();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });

  test('aborts, pauses and resumes', async () => {
    const fetched = await active(1);
    gateway.on(`POST ${path(1, '/pause')}`, ({ answer }) =>
      answer(200, registration(1, { version: 2, paused: true })),
    );
    gateway.on(`POST ${path(1, '/resume')}`, ({ answer }) =>
      answer(200, registration(1, { version: 3 })),
    );
    gateway.on(`POST ${path(1, '/abort')}`, ({ answer }) => answer(200, { aborted: true }));
    gateway.on(`GET ${path(1)}`, ({ answer }) =>
      answer(200, ended(1, { result: 'failure', failureReason: 'aborted' })),
    );

    await fetched.pause();
    assert.equal(fetched.paused, true);
    await fetched.resume();
    assert.equal(fetched.paused, false);
    assert.equal(await fetched.abort(), true);
    assert.equal(fetched.failureReason, 'aborted');
    gateway.on(`POST ${path(1, '/abort')}`, ({ answer }) => answer(200, { aborted: false }));
    assert.equal(await fetched.abort(), false);
  });

  test('abort is true where its first answer was lost', async () => {
    const fetched = await active(1);
    let calls = 0;
    gateway.on(`POST ${path(1, '/abort')}`, ({ answer, response }) =>
      ++calls === 1 ? response.destroy() : answer(200, { aborted: false }),
    );
    gateway.on(`GET ${path(1)}`, ({ answer }) =>
      answer(200, ended(1, { result: 'failure', failureReason: 'aborted' })),
    );
    assert.equal(await fetched.abort(), true);
    assert.equal(await fetched.abort(), false);
  });

  test('abort is true even if the state cannot be read behind it', async () => {
    const fetched = await active(1);
    gateway.on(`POST ${path(1, '/abort')}`, ({ answer }) => answer(200, { aborted: true }));
    gateway.on(`GET ${path(1)}`, FakeGateway.refusal(503));
    assert.equal(await fetched.abort(), true);
  });

  test('has no progress after its end', async () => {
    const fetched = await active(1);
    let count = 0;
    fetched.onprogress = () => count++;
    const { response } = await gateway.call('GET', path(1, '/events'));
    response.write(event('progress', registration(1, { version: 2, title: 'unseen' })));
    response.write(event('backgroundfetchsuccess', ended(1)));
    await progress(fetched);
    gateway.on('GET /v1/fetches', ({ answer }) =>
      answer(200, {
        registrations: [ended(1, { version: 10, recordsAvailable: false })],
        next: null,
      }),
    );
    await manager.get('fetch-1');
    assert.deepEqual([count, fetched.recordsAvailable], [1, false]);
  });

  test('that was deleted while its stream was away is aborted', async () => {
    const fetched = await active(1);
    fetched.onprogress = () => {};
    const { response } = await gateway.call('GET', path(1, '/events'));
    gateway.on(`GET ${path(1, '/events')}`, FakeGateway.refusal(404));
    const end = progress(fetched);
    response.destroy();
    await end;
    assert.equal(fetched.failureReason, 'aborted');
  });

  test('ids are read page by page', async () => {
    gateway.on('GET /v1/fetches', ({ query, answer }) =>
      query.get('cursor') === null
        ? answer(200, { registrations: [registration(1)], next: 'a&b' })
        : answer(200, {
            registrations: [registration(2, { id: query.get('cursor') })],
            next: null,
          }),
    );
    assert.deepEqual(await manager.getIds(), ['fetch-1', 'a&b']);
  });
});

describe('a process', () => {
  for (const [name, last] of Object.entries({
    'that only registers ends': '',
    'that looked ends': 'console.log(fetched.downloaded);',
    'that closed ends':
      'manager.onbackgroundfetchsuccess = () => {}; fetched.onprogress = () => {}; manager.close();',
  })) {
    test(name, { timeout: 60_000 }, async () => {
      gateway.on('POST /v1/fetches', ({ answer }) => answer(201, registration(1)));
      gateway.streams(path(1, '/events')).streams('/v1/events');
      const program = `
        import { BackgroundFetchManager } from ${JSON.stringify(new URL('../index.js', import.meta.url).href)};
        const manager = new BackgroundFetchManager('${gateway.url}');
        const fetched = await manager.fetch('fetch-1', 'https://a.example/');
        ${last}`;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
        stdio: 'inherit',
      });
      const [status] = await once(child, 'exit');
      assert.equal(status, 0);
    });
  }
});

describe('a record', () => {
  const record = (more = {}) => ({
    index: 0,
    request: { url: 'https://a.example/b', method: 'GET', headers: { a: '1' }, bodySize: 0 },
    result: '',
    error: null,
    attempts: 1,
    downloaded: 0,
    response: null,
    ...more,
  });
  const head = {
    url: 'https://c.example/d#fragment',
    redirected: true,
    status: 404,
    statusText: 'Nowhere',
    headers: { 'content-type': 'text/plain', vary: 'a, b' },
    bodySize: null,
    digest: null,
  };
  const RECORD = path(1, '/records/0');

  async function matched(json) {
    const fetched = await active(1);
    gateway.on(`POST ${path(1, '/match')}`, ({ answer }) => answer(200, { record: json }));
    return fetched.match('/b');
  }

  test('is found by what was asked for', async () => {
    const fetched = await active(1);
    gateway.on(`POST ${path(1, '/match')}`, ({ answer }) => answer(200, { record: null }));
    assert.equal(await fetched.match('/relative', { ignoreVary: true, odd: 1 }), undefined);
    const request = new Request('https://a.example/', { method: 'POST', headers: { Accept: 'a' } });
    assert.equal(await fetched.match(request), undefined);
    await assert.rejects(fetched.match(), TypeError);
    const bodies = gateway.calls
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => JSON.parse(body));
    assert.deepEqual(bodies, [
      { request: '/relative', options: { ignoreVary: true } },
      { request: { url: 'https://a.example/', method: 'POST', headers: { accept: 'a' } } },
    ]);
  });

  test('is one of all, page by page', async () => {
    const fetched = await active(1);
    gateway.on(`POST ${path(1, '/matchAll')}`, ({ body, answer }) => {
      const { cursor } = JSON.parse(body);
      answer(200, {
        records: [record({ index: cursor === undefined ? 0 : 1 })],
        next: cursor === undefined ? 'c' : null,
      });
    });
    assert.equal((await fetched.matchAll()).length, 2);
    assert.deepEqual(JSON.parse(gateway.calls.at(-1).body), { limit: 1000, cursor: 'c' });
  });

  test('has its request', async () => {
    const { request } = await matched(record());
    assert.deepEqual(
      [request.url, request.method, request.headers.get('a')],
      ['https://a.example/b', 'GET', '1'],
    );
  });

  test('has a Response as the origin gave it, and reads its body when it is read', async () => {
    gateway.on(`GET ${RECORD}/body`, ({ response }) => response.end('body'));
    const response = await (await matched(record({ response: head }))).responseReady;
    assert.ok(response instanceof Response);
    for (const one of [response, response.clone()]) {
      const { url, redirected, status, statusText, ok } = one;
      assert.deepEqual(
        { url, redirected, status, statusText, ok },
        {
          url: 'https://c.example/d',
          redirected: true,
          status: 404,
          statusText: 'Nowhere',
          ok: false,
        },
      );
      assert.equal(one.headers.get('vary'), 'a, b');
      assert.equal(await one.text(), 'body');
    }
    assert.equal(gateway.calls.filter((call) => call.path === `${RECORD}/body`).length, 1);
  });

  test('has a Response without a body where there can be none', async () => {
    const { responseReady } = await matched(
      record({ response: { ...head, status: 304 }, result: 'bad-status' }),
    );
    const response = await responseReady;
    assert.deepEqual([response.status, response.body], [304, null]);
  });

  test('has a Response of a status and headers that the platform does not take', async () => {
    const odd = { ...head, status: 999, statusText: 'ü', headers: { ok: '1', 'not ok': '2' } };
    const response = await (await matched(record({ response: odd }))).responseReady;
    assert.deepEqual([response.status, [...response.headers]], [999, [['ok', '1']]]);
  });

  test('waits for its response', async () => {
    const answers = [record(), record(), record({ response: head })];
    gateway.on(`GET ${RECORD}`, ({ answer }) => answer(200, answers.shift()));
    const found = await matched(record());
    assert.equal(found.responseReady, found.responseReady);
    assert.equal((await found.responseReady).status, 404);
    assert.equal((await gateway.call('GET', RECORD)).headers.prefer, 'wait=30');
  });

  test('waits for its response while no gateway is there, until the manager closes', async () => {
    const found = await matched(record());
    gateway.on(`GET ${RECORD}`, FakeGateway.refusal(503));
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    try {
      const ready = found.responseReady;
      let settled = false;
      ready.catch(() => {
        settled = true;
      });
      while (gateway.count('GET', RECORD) < 9 || Date.now() < 60_000) {
        assert.equal(settled, false);
        mock.timers.tick(100);
        await new Promise(setImmediate);
      }
      manager.close();
      await assert.rejects(ready, { name: 'AbortError', message: 'The manager is closed' });
    } finally {
      mock.timers.reset();
    }
    await assert.rejects(manager.get('fetch-1'), { name: 'AbortError' });
  });

  test('has a body that the closing of the manager ends', async () => {
    gateway.on(`GET ${RECORD}/body`, ({ response }) => response.write('half'));
    const { body } = await (await matched(record({ response: head }))).responseReady;
    const reader = body.getReader();
    await reader.read();
    const rest = reader.read();
    manager.close();
    await assert.rejects(rest, { name: 'AbortError' });
    await (
      await gateway.call('GET', `${RECORD}/body`)
    ).closed;
  });

  for (const [result, name] of [
    ['aborted', 'AbortError'],
    ['fetch-error', 'TypeError'],
    ['quota-exceeded', 'TypeError'],
    ['download-total-exceeded', 'TypeError'],
  ]) {
    test(`that ends as ${result} rejects with ${name}`, async () => {
      gateway.on(`GET ${RECORD}`, ({ answer }) =>
        answer(200, record({ result, error: 'why', response: head })),
      );
      const found = await matched(record());
      await assert.rejects(found.responseReady, { name });
    });
  }

  test('whose body is cut fails its reader', async () => {
    gateway.on(`GET ${RECORD}/body`, ({ response }) =>
      response.write('half', () => response.destroy()),
    );
    const { responseReady } = await matched(record({ response: head }));
    await assert.rejects((await responseReady).text());
  });

  test('whose body is cut because the fetch failed says how', async () => {
    gateway.on(`GET ${RECORD}/body`, ({ response }) =>
      response.write('half', () => response.destroy()),
    );
    gateway.on(`GET ${RECORD}`, ({ answer }) => answer(200, record({ result: 'aborted' })));
    const { responseReady } = await matched(record({ response: head }));
    await assert.rejects((await responseReady).text(), { name: 'AbortError' });
  });

  test('whose complete body is cut reads on from another gateway', async () => {
    gateway.on(`GET ${RECORD}/body`, ({ headers, response }) => {
      if (headers.range === undefined) {
        response.writeHead(200, { ETag: '"e"', 'Content-Length': 8 });
        response.write('half');
      } else {
        response.writeHead(206, { ETag: '"e"', 'Content-Range': 'bytes 4-7/8' }).end('rest');
      }
    });
    const { responseReady } = await matched(record({ response: head, result: 'bad-status' }));
    const reader = (await responseReady).body.pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await reader.read()).value, 'half');
    (await gateway.call('GET', `${RECORD}/body`)).response.destroy();
    assert.equal((await reader.read()).value, 'rest');
    assert.equal((await reader.read()).done, true);
    const { headers } = await gateway.call('GET', `${RECORD}/body`, 1);
    assert.deepEqual([headers.range, headers['if-range']], ['bytes=4-', '"e"']);
  });

  test('whose complete body is another one after a cut fails its reader', async () => {
    let calls = 0;
    gateway.on(`GET ${RECORD}/body`, ({ response }) => {
      response.writeHead(200, { ETag: `"${++calls}"`, 'Content-Length': 8 });
      response.write('half');
    });
    const { responseReady } = await matched(record({ response: head, result: 'bad-status' }));
    const reader = (await responseReady).body.getReader();
    await reader.read();
    (await gateway.call('GET', `${RECORD}/body`)).response.destroy();
    await assert.rejects(reader.read(), /has changed/);
  });

  test('whose body cannot be read any more says why', async () => {
    gateway.on(
      `GET ${RECORD}/body`,
      FakeGateway.refusal(409, { name: 'InvalidStateError', detail: 'released' }),
    );
    const { responseReady } = await matched(record({ response: head }));
    await assert.rejects((await responseReady).text(), {
      name: 'InvalidStateError',
      message: 'released',
    });
  });

  test('whose reader stops lets the gateway know', async () => {
    gateway.on(`GET ${RECORD}/body`, ({ response }) => response.write('half'));
    const { body } = await (await matched(record({ response: head }))).responseReady;
    const reader = body.getReader();
    await reader.read();
    await reader.cancel();
    await (
      await gateway.call('GET', `${RECORD}/body`)
    ).closed;
  });
});
