import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Ends } from '../src/ends.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let now;
let ends;

beforeEach(() => {
  now = 1_000;
  ends = new Ends(() => now);
  ends.opened();
});

test('an end is told once', () => {
  assert.equal(ends.first('a'), true);
  assert.equal(ends.first('a'), false);
  assert.equal(ends.first('b'), true);
});

test('ends that were told long ago are forgotten, so that nothing grows for ever', () => {
  ends.first('old');
  now += HOUR / 2;
  ends.first('recent');
  now += HOUR / 2 + 1;
  ends.first('new');
  assert.equal(ends.first('recent'), false);
  assert.equal(ends.first('old'), true);
});

test('an end is not told again after an outage, however long that was', () => {
  ends.first('before');
  now += 12 * HOUR;
  ends.opened();
  assert.equal(ends.first('meanwhile'), true);
  now += 5 * MINUTE;
  assert.equal(ends.first('later'), true);
  assert.equal(ends.first('before'), false);
});
