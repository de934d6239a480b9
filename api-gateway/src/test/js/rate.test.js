import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateMeter } from '../../main/resources/io/bgfetch/gateway/dashboard/rate.js';

test('is what was added in the last seconds', () => {
  const meter = new RateMeter();
  for (let second = 0; second <= 20; second++) {
    meter.note(second * 1000, second < 10 ? 0 : (second - 10) * 300);
  }
  assert.equal(meter.perSecond, 300);
});

test('falls while nothing comes, and begins again after a value that shrank', () => {
  const meter = new RateMeter();
  meter.note(0, 0);
  assert.equal(meter.perSecond, 0);
  meter.note(1000, 1000);
  assert.equal(meter.perSecond, 1000);
  meter.note(2000, 1000);
  assert.equal(meter.perSecond, 500);
  meter.note(9000, 1000);
  assert.ok(meter.perSecond < 150);
  meter.note(10_000, 10);
  assert.equal(meter.perSecond, 0);
});
