import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store } from '../../main/resources/io/bgfetch/gateway/dashboard/store.js';

let clock = 0;

function store() {
  return new Store(() => clock);
}

function state(uid, version, more = {}) {
  return {
    uid,
    version,
    result: '',
    paused: false,
    downloaded: 0,
    uploaded: 0,
    endedAt: null,
    records: { total: 2, settled: 0, succeeded: 0, failed: 0 },
    ...more,
  };
}

const ended = (uid, version, endedAt) => state(uid, version, { result: 'success', endedAt });

test('a later state replaces an earlier one, never the other way around', () => {
  const known = store();
  assert.ok(known.merge(state('a', 5, { downloaded: 50 })));
  assert.ok(!known.merge(state('a', 4, { downloaded: 40 })));
  assert.ok(!known.merge(state('a', 5, { downloaded: 51 })));
  assert.equal(known.get('a').downloaded, 50);
});

test('active ones are in the order of their registering, ended ones in that of their ends', () => {
  const known = store();
  [state('a', 1), state('c', 1), state('b', 1)].forEach((one) => known.merge(one));
  known.merge(ended('x', 1, '2026-01-01T00:00:03Z'));
  known.merge(ended('y', 1, '2026-01-01T00:00:01Z'));
  known.merge(ended('a', 2, '2026-01-01T00:00:02Z'));
  assert.deepEqual(
    known.active.map(({ uid }) => uid),
    ['c', 'b'],
  );
  assert.deepEqual(
    known.ended.map(({ uid }) => uid),
    ['x', 'a', 'y'],
  );
});

test('what was deleted does not come back with late news', () => {
  const known = store();
  known.merge(state('a', 1));
  known.forget('a');
  assert.ok(!known.merge(ended('a', 2, '2026-01-01T00:00:00Z')));
  assert.equal(known.get('a'), undefined);
  assert.equal(known.ended.length, 0);
});

test('of very many that have ended only the latest are kept', () => {
  const known = store();
  for (let i = 0; i < 6000; i++) {
    known.merge(ended(`u${i}`, 1, new Date(i * 1000).toISOString()));
  }
  assert.equal(known.ended.length, 5000);
  assert.ok(known.isFull);
  assert.equal(known.ended[0].uid, 'u5999');
  assert.equal(known.get('u0'), undefined);
});

test('what somebody looks at is kept, however long ago it ended', () => {
  const known = store();
  const details = {};
  known.keep(details, ['u0']);
  known.keep({}, ['u1', 'u2']);
  for (let i = 0; i < 6000; i++) {
    known.merge(ended(`u${i}`, 1, new Date(i * 1000).toISOString()));
  }
  assert.equal(known.ended.length, 5000);
  assert.equal(known.ended.at(-1).uid, 'u1000');
  assert.deepEqual(
    ['u0', 'u1', 'u2', 'u3'].map((uid) => known.get(uid)?.uid),
    ['u0', 'u1', 'u2', undefined],
  );
  assert.deepEqual(
    known.find('U1').map(({ uid }) => uid),
    ['u1'],
  );
  known.keep(details, []);
  assert.equal(known.ended.length, 5000);
  assert.equal(known.get('u0'), undefined);
});

test('those with an id are found, active ones first', () => {
  const known = store();
  known.merge({ ...ended('a', 1, '2026-01-01T00:00:01Z'), id: 'X' });
  known.merge({ ...ended('b', 1, '2026-01-01T00:00:02Z'), id: 'X' });
  known.merge({ ...state('c', 1), id: 'X' });
  known.merge({ ...state('d', 1), id: 'x' });
  assert.deepEqual(
    known.find('X').map(({ uid }) => uid),
    ['c', 'b', 'a'],
  );
});

test('records expire without another version, and do not come back', () => {
  const known = store();
  const end = ended('a', 3, '2026-01-01T00:00:00Z');
  assert.ok(known.merge({ ...end, recordsAvailable: true }));
  assert.ok(known.merge({ ...end, recordsAvailable: false }));
  assert.ok(!known.merge({ ...end, recordsAvailable: false }));
  assert.ok(!known.merge({ ...end, recordsAvailable: true }));
  assert.equal(known.get('a').recordsAvailable, false);
  assert.ok(!known.merge({ ...end, version: 2, recordsAvailable: true }));
});

test('listeners hear of many changes at once', async () => {
  const known = store();
  const told = await new Promise((resolve) => {
    known.subscribe(resolve);
    known.merge(state('a', 1));
    known.merge(state('b', 1));
    known.merge(state('a', 2));
  });
  assert.deepEqual([...told], ['a', 'b']);
});

test('a pause does not make the rate that comes after it slower', () => {
  const known = store();
  const at = (seconds, version, more) => {
    clock = seconds * 1000;
    known.merge(state('a', version, more));
  };
  at(0, 1);
  at(2, 2, { downloaded: 2000 });
  assert.equal(known.rateOf('a').bytes, 1000);
  at(3, 3, { downloaded: 2000, paused: true });
  assert.equal(known.rateOf('a').bytes, 0);
  at(60, 4, { downloaded: 2000 });
  at(61, 5, { downloaded: 4000 });
  assert.equal(known.rateOf('a').bytes, 2000);
});
