import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as view from '../../main/resources/io/bgfetch/gateway/dashboard/registration-view.js';

function registration(more = {}) {
  return {
    id: 'my-fetch',
    title: '',
    result: '',
    failureReason: '',
    paused: false,
    downloaded: 0,
    downloadTotal: 0,
    recordsAvailable: true,
    records: { total: 4, settled: 1, succeeded: 1, failed: 0 },
    createdAt: '2026-01-31T12:00:00Z',
    endedAt: null,
    ...more,
  };
}

const failed = registration({
  result: 'failure',
  failureReason: 'bad-status',
  endedAt: '2026-01-31T12:00:12Z',
  records: { total: 4, settled: 4, succeeded: 1, failed: 3 },
});

test('progress is of the bytes where their number was declared, else of the records', () => {
  assert.equal(view.shareOf(registration()), 0.25);
  assert.equal(view.shareOf(registration({ downloadTotal: 1000, downloaded: 600 })), 0.6);
  assert.equal(view.shareOf(registration({ downloadTotal: 1000, downloaded: 1600 })), 1);
  assert.equal(view.shareOf(registration({ result: 'success', downloadTotal: 1000 })), 1);
});

test('time left is what is left by the rate, and unknown without one', () => {
  const bytes = registration({ downloadTotal: 1000, downloaded: 600 });
  assert.equal(view.timeLeft(bytes, { bytes: 100, records: 0 }), 4000);
  assert.equal(view.timeLeft(registration(), { bytes: 100, records: 0.5 }), 6000);
  assert.equal(view.timeLeft(registration(), { bytes: 100, records: 0 }), null);
});

test('pace says rate and time left, of ended ones how long they took', () => {
  const rate = { bytes: 2048, records: 0.5 };
  assert.equal(view.paceOf(registration(), rate, 0), '2.0 KiB/s · 6 s left');
  assert.equal(view.paceOf(registration({ paused: true }), rate, 0), '');
  const now = Date.parse('2026-01-31T12:05:12Z');
  assert.equal(view.paceOf(failed, rate, now), 'took 12 s · 5 min ago');
});

test('only what the service would do is offered', () => {
  assert.deepEqual(view.actionsOf(registration()), ['pause', 'abort']);
  assert.deepEqual(view.actionsOf(registration({ paused: true })), ['resume', 'abort']);
  assert.deepEqual(view.actionsOf(failed), ['retry', 'release', 'delete']);
  assert.deepEqual(view.actionsOf({ ...failed, recordsAvailable: false }), ['delete']);
  assert.deepEqual(view.actionsOf({ ...failed, records: { failed: 0 } }), ['release', 'delete']);
});

test('the result comes with its reason', () => {
  assert.deepEqual(view.stateOf(failed), { kind: 'failure', label: 'Bad status' });
  assert.equal(view.stateOf({ ...failed, failureReason: 'aborted' }).kind, 'aborted');
  assert.equal(view.stateOf(registration({ paused: true })).label, 'Paused');
});

test('a body is offered only where there is one', () => {
  const record = (result, bodySize) => ({ result, response: { bodySize } });
  assert.ok(view.hasBody(record('success', 0)));
  assert.ok(view.hasBody(record('bad-status', 7)));
  assert.ok(!view.hasBody(record('success', null)));
  assert.ok(!view.hasBody(record('fetch-error', 7)));
  assert.ok(!view.hasBody({ result: 'success', response: null }));
});

test('a file is named for the end of its path', () => {
  const record = (url) => ({ index: 3, request: { url }, response: null });
  assert.equal(view.fileName(record('https://example.com/a/ep-5.mp3?x=/y')), 'ep-5.mp3');
  assert.equal(view.fileName(record('https://example.com/')), 'record-3');
});

test('records are overdue from the moment until which they were to be kept', () => {
  const expiresAt = '2026-01-31T12:00:00.000Z';
  const at = Date.parse(expiresAt);
  assert.ok(!view.isOverdue({ recordsAvailable: true, expiresAt }, at - 1));
  assert.ok(view.isOverdue({ recordsAvailable: true, expiresAt }, at));
  assert.ok(!view.isOverdue({ recordsAvailable: false, expiresAt }, at));
  assert.ok(!view.isOverdue({ recordsAvailable: true, expiresAt: null }, at));
});
