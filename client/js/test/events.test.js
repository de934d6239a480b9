import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import {
  BackgroundFetchEvent,
  BackgroundFetchManager,
  BackgroundFetchUpdateUIEvent,
} from '../index.js';
import { ended, event, FakeGateway, registration } from './fake-gateway.js';

const EVENTS = '/v1/events';

let gateway;
let manager;

beforeEach(async () => {
  gateway = await FakeGateway.start();
  gateway.streams(EVENTS);
  manager = new BackgroundFetchManager(gateway.url);
});

afterEach(async () => {
  manager.close();
  await gateway.close();
});

/** The next event of a type. */
function next(type, target = manager) {
  return once(target, type).then(([happened]) => happened);
}

describe('the stream of all', () => {
  test('is open while there are handlers', async () => {
    const first = () => {};
    manager.addEventListener('backgroundfetchsuccess', first);
    manager.onbackgroundfetchabort = () => {};
    const { closed } = await gateway.call('GET', EVENTS);

    manager.removeEventListener('backgroundfetchsuccess', first);
    manager.onbackgroundfetchabort = null;

    await closed;
    assert.equal(gateway.calls.length, 1);
  });

  test('is closed after the last handler that wanted one event only', async () => {
    manager.addEventListener('backgroundfetchsuccess', () => {}, { once: true });
    const { response, closed } = await gateway.call('GET', EVENTS);
    response.write(event('backgroundfetchsuccess', ended(1)));
    await closed;
  });

  test('is closed when the signal of the last handler aborts', async () => {
    const control = new AbortController();
    manager.addEventListener('backgroundfetchsuccess', () => {}, { signal: control.signal });
    const { closed } = await gateway.call('GET', EVENTS);
    control.abort();
    await closed;
  });

  test('is closed for good by close', async () => {
    manager.onbackgroundfetchsuccess = () => {};
    const { closed } = await gateway.call('GET', EVENTS);
    manager.close();
    await closed;
    manager.onbackgroundfetchfail = () => {};
    await gateway.roundTrip();
    assert.equal(gateway.count('GET', EVENTS), 1);
  });

  test('goes on where it was when it is lost, and tells no end twice', async () => {
    const told = [];
    manager.onbackgroundfetchsuccess = ({ registration: { id } }) => told.push(id);
    const first = await gateway.call('GET', EVENTS);
    assert.equal(first.headers['last-event-id'], undefined);
    first.response.write(event('backgroundfetchsuccess', ended(1), ':a'));
    await next('backgroundfetchsuccess');
    first.response.destroy();

    const second = await gateway.call('GET', EVENTS, 1);
    assert.equal(second.headers['last-event-id'], `${ended(1).uid}:9:a`);
    const missed = next('backgroundfetchsuccess');
    second.response.write(
      event('backgroundfetchsuccess', ended(1), ':b') +
        event('backgroundfetchsuccess', ended(2), ':b'),
    );
    await missed;

    assert.deepEqual(told, ['fetch-1', 'fetch-2']);
  });

  test('goes on from the id that came without an event', async () => {
    manager.onbackgroundfetchsuccess = () => {};
    const first = await gateway.call('GET', EVENTS);
    first.response.write('id: beginning\n\n');
    first.response.end();
    assert.equal((await gateway.call('GET', EVENTS, 1)).headers['last-event-id'], 'beginning');
  });

  test('goes on after an event that is cut in two', async () => {
    manager.onbackgroundfetchsuccess = () => {};
    const first = await gateway.call('GET', EVENTS);
    first.response.write(event('backgroundfetchsuccess', ended(1)).slice(0, -1));
    first.response.end();
    const second = await gateway.call('GET', EVENTS, 1);
    assert.equal(second.headers['last-event-id'], undefined);
    const told = next('backgroundfetchsuccess');
    second.response.write(event('backgroundfetchsuccess', ended(1)));
    await told;
  });

  test('is tried again while the gateway is away, and tells refusals', async () => {
    let calls = 0;
    gateway.on(`GET ${EVENTS}`, (call) => {
      calls++;
      if (calls === 1) {
        call.response.destroy();
      } else if (calls === 2) {
        FakeGateway.refusal(503)(call);
      } else {
        FakeGateway.refusal(401, { detail: 'no such key' })(call);
      }
    });
    const told = next('error');
    manager.onbackgroundfetchsuccess = () => {};
    const { error } = await told;
    assert.equal(error.name, 'NotAllowedError');
    assert.equal(error.message, 'no such key');
    assert.equal(calls, 3);
  });

  test('stays for a handler that wants one event and adds itself again', async () => {
    const told = [];
    const again = ({ registration: { id } }) => {
      told.push(id);
      manager.addEventListener('backgroundfetchsuccess', again, { once: true });
    };
    manager.addEventListener('backgroundfetchsuccess', again, { once: true });
    const { response } = await gateway.call('GET', EVENTS);
    for (const number of [1, 2]) {
      response.write(event('backgroundfetchsuccess', ended(number)));
      while (told.length < number) {
        await new Promise(setImmediate);
      }
    }
    await gateway.roundTrip();
    assert.equal(gateway.count('GET', EVENTS), 1);
  });

  test('gives all ends to who waits for one after the other', async () => {
    const told = [];
    const first = next('backgroundfetchsuccess');
    const { response } = await gateway.call('GET', EVENTS);
    response.write([1, 2, 3].map((n) => event('backgroundfetchsuccess', ended(n), ':c')).join(''));
    for (let happened = await first; ; happened = await next('backgroundfetchsuccess')) {
      told.push(happened.registration.id);
      if (told.length === 3) {
        break;
      }
    }
    assert.deepEqual(told, ['fetch-1', 'fetch-2', 'fetch-3']);
    assert.equal(gateway.count('GET', EVENTS), 1);
  });

  test('goes on where it was when a handler comes back', async () => {
    const first = next('backgroundfetchsuccess');
    const { response, closed } = await gateway.call('GET', EVENTS);
    response.write(
      event('backgroundfetchsuccess', ended(1), ':a') +
        event('backgroundfetchsuccess', ended(2), ':b'),
    );
    await first;
    await closed;
    const second = next('backgroundfetchsuccess');
    const resumed = await gateway.call('GET', EVENTS, 1);
    assert.equal(resumed.headers['last-event-id'], `${ended(1).uid}:9:a`);
    resumed.response.write(event('backgroundfetchsuccess', ended(2), ':b'));
    assert.equal((await second).registration.id, 'fetch-2');
  });

  test('is made up for by what fetch gave before it was first there', async () => {
    const told = next('backgroundfetchfail');
    let calls = 0;
    gateway.on('POST /v1/fetches', ({ answer }) => answer(201, registration(1)));
    gateway.on(`GET /v1/fetches/${registration(1).uid}`, ({ answer }) =>
      answer(200, ended(1, { result: 'failure', failureReason: 'bad-status' })),
    );
    let open;
    gateway.on(`GET ${EVENTS}`, (call) => {
      if (calls++ === 0) {
        open = () => FakeGateway.refusal(503)(call);
      } else {
        call.response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        call.response.write(':\n\n');
      }
    });
    await gateway.call('GET', EVENTS);
    await manager.fetch('fetch-1', 'https://a.example/');
    open();
    assert.equal((await told).registration.failureReason, 'bad-status');
  });

  test('comes back after the 404 of a proxy, and that is told', async () => {
    const refused = next('error');
    let calls = 0;
    gateway.on(`GET ${EVENTS}`, ({ response }) => {
      calls++;
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>nothing here</h1>');
    });
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      manager.onbackgroundfetchsuccess = () => {};
      await refused;
      gateway.streams(EVENTS);
      const before = calls;
      while (gateway.count('GET', EVENTS) === before) {
        mock.timers.tick(100);
        await new Promise(setImmediate);
      }
      const { response } = await gateway.call('GET', EVENTS, before);
      response.write(event('backgroundfetchsuccess', ended(1)));
      await next('backgroundfetchsuccess');
    } finally {
      mock.timers.reset();
    }
  });

  test('is asked what became of those that it does not mention', { timeout: 20_000 }, async () => {
    const path = `/v1/fetches/${registration(1).uid}`;
    gateway.on('POST /v1/fetches', ({ answer }) => answer(201, registration(1)));
    gateway.on(`GET ${path}`, ({ answer }) => answer(200, registration(1)));
    const told = next('backgroundfetchabort');
    const first = await gateway.call('GET', EVENTS);
    const fetched = await manager.fetch('fetch-1', 'https://a.example/');
    fetched.onprogress = () => {};
    first.response.write('id: beginning\n\n');
    await gateway.roundTrip();
    gateway.on(`GET ${path}`, FakeGateway.refusal(404));
    first.response.destroy();
    assert.equal((await told).registration, fetched);
    assert.deepEqual([fetched.result, fetched.failureReason], ['failure', 'aborted']);
  });

  test('is given up when it is silent, comments being no silence', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      manager.onbackgroundfetchclick = () => {};
      const { response, closed } = await gateway.call('GET', EVENTS);
      const clicked = next('backgroundfetchclick');
      mock.timers.tick(44_000);
      response.write(`:\n\n${event('backgroundfetchclick', registration(1))}`);
      await clicked;
      mock.timers.tick(44_000);
      assert.equal(response.writableEnded || response.destroyed, false);
      mock.timers.tick(1_000);
      await closed;
    } finally {
      mock.timers.reset();
    }
  });
});

describe('an event', () => {
  async function told(type, state, on = manager) {
    const happened = next(type, on);
    on[`on${type}`] ??= () => {};
    const { response } = await gateway.call('GET', EVENTS);
    response.write(event(type, state));
    return happened;
  }

  test('of an end has the registration with its result, and may update the UI', async () => {
    const success = await told('backgroundfetchsuccess', ended(1));
    assert.ok(
      success instanceof BackgroundFetchUpdateUIEvent && success instanceof BackgroundFetchEvent,
    );
    assert.equal(success.registration.result, 'success');
  });

  test('of an abort or a click may not', async () => {
    const state = ended(1, { result: 'failure', failureReason: 'aborted' });
    const abort = await told('backgroundfetchabort', state);
    assert.ok(
      abort instanceof BackgroundFetchEvent && !(abort instanceof BackgroundFetchUpdateUIEvent),
    );
    assert.equal(abort.updateUI, undefined);
  });

  test('is over when its handlers and what they wait for are done', async () => {
    let late;
    let done;
    manager.onbackgroundfetchsuccess = (happened) => {
      happened.waitUntil(
        new Promise((resolve) => {
          done = resolve;
        }),
      );
      late = happened;
    };
    await told('backgroundfetchsuccess', ended(1));
    // the first one still runs
    late.waitUntil(Promise.reject(new Error('of the handler')));
    done();
    await new Promise(setImmediate);
    assert.throws(() => late.waitUntil(0), { name: 'InvalidStateError' });
    await assert.rejects(late.updateUI(), { name: 'InvalidStateError' });
  });

  test('is not over before a reaction to what it waited for', async () => {
    const path = `/v1/fetches/${ended(1).uid}/release`;
    gateway.on(`POST ${path}`, ({ answer }) =>
      answer(200, ended(1, { version: 10, recordsAvailable: false })),
    );
    const releasing = new BackgroundFetchManager(gateway.url, { releaseRecords: true });
    let done;
    let last;
    const reacted = new Promise((resolve, reject) => {
      releasing.onbackgroundfetchsuccess = (happened) => {
        const work = new Promise((finish) => {
          done = finish;
        });
        happened.waitUntil(work);
        const more = new Promise((finish) => {
          last = finish;
        });
        work.then(() => happened.waitUntil(more)).then(resolve, reject);
      };
    });
    await told('backgroundfetchsuccess', ended(1), releasing);
    done();
    await reacted;
    await gateway.roundTrip();
    assert.equal(gateway.count('POST', path), 0);
    last();
    await gateway.call('POST', path);
    releasing.close();
  });

  test('updates title and icons once', async () => {
    gateway.on(`PATCH /v1/fetches/${ended(1).uid}`, ({ answer }) =>
      answer(200, ended(1, { version: 10 })),
    );
    let updated;
    manager.onbackgroundfetchsuccess = (happened) => {
      updated = happened.updateUI({
        title: 'Done',
        icons: [{ src: 'https://a.example/i.png', odd: 1 }],
      });
      updated.again = happened.updateUI({ title: 'twice' });
      updated.again.catch(() => {});
    };
    await told('backgroundfetchsuccess', ended(1));
    await updated;
    await assert.rejects(updated.again, { name: 'InvalidStateError' });
    const { body } = await gateway.call('PATCH', `/v1/fetches/${ended(1).uid}`);
    assert.deepEqual(JSON.parse(body), {
      title: 'Done',
      icons: [{ src: 'https://a.example/i.png' }],
    });
  });

  test('releases the records when it is over, if that is wanted and somebody took them', async () => {
    const path = `/v1/fetches/${ended(1).uid}/release`;
    gateway.on(`POST ${path}`, ({ answer }) =>
      answer(200, ended(1, { version: 10, recordsAvailable: false })),
    );
    const releasing = new BackgroundFetchManager(gateway.url, { releaseRecords: true });
    let done;
    let kept;
    releasing.onbackgroundfetchsuccess = (happened) => {
      kept = happened.registration;
      happened.waitUntil(
        new Promise((resolve) => {
          done = resolve;
        }),
      );
    };
    await told('backgroundfetchsuccess', ended(1), releasing);
    await gateway.roundTrip();
    assert.equal(gateway.count('POST', path), 0);
    assert.equal(kept.recordsAvailable, true);
    done();
    while (kept.recordsAvailable) {
      await new Promise(setImmediate);
    }
    await assert.rejects(kept.matchAll(), { name: 'InvalidStateError' });
    releasing.close();
  });

  test('keeps the records where nobody handles that end', async () => {
    const releasing = new BackgroundFetchManager(gateway.url, { releaseRecords: true });
    releasing.onbackgroundfetchclick = () => {};
    const { response } = await gateway.call('GET', EVENTS);
    response.write(
      event('backgroundfetchsuccess', ended(1)) + event('backgroundfetchclick', registration(2)),
    );
    await next('backgroundfetchclick', releasing);
    await gateway.roundTrip();
    assert.equal(gateway.calls.filter(({ method }) => method === 'POST').length, 0);
    releasing.close();
  });

  test('calls the handler of an attribute where it was first set', async () => {
    const order = [];
    manager.onbackgroundfetchclick = () => order.push('replaced');
    manager.addEventListener('backgroundfetchclick', () => order.push('listener'));
    manager.onbackgroundfetchclick = function (happened) {
      order.push(this === manager && happened.type);
    };
    assert.equal(typeof manager.onbackgroundfetchclick, 'function');
    await told('backgroundfetchclick', registration(1));
    assert.deepEqual(order, ['backgroundfetchclick', 'listener']);
    assert.equal(manager.onbackgroundfetchfail, null);
  });

  test('cannot be made without a registration, nor a registration at all', async () => {
    assert.throws(() => new BackgroundFetchEvent('backgroundfetchclick', {}), TypeError);
    const { registration: real } = await told('backgroundfetchclick', registration(1));
    assert.throws(() => new real.constructor(), /Illegal constructor/);
  });
});
