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
    await new Promise(setImmediate);
    assert.equal(gateway.calls.length, 1);
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
    await new Promise(setImmediate);
    assert.equal(gateway.calls.filter((call) => call.path === path).length, 0);
    assert.equal(kept.recordsAvailable, true);
    done();
    await next('progress', kept);
    assert.equal(kept.recordsAvailable, false);
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
    await new Promise(setImmediate);
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
