import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ends } from '../src/ends.js';

const HOUR = 60 * 60 * 1_000;
const at = (milliseconds) => new Date(1_800_000_000_000 + milliseconds).toISOString();

test('an end is told once', () => {
  const ends = new Ends();
  assert.equal(ends.first({ uid: 'a', endedAt: at(0) }), true);
  assert.equal(ends.first({ uid: 'a', endedAt: at(0) }), false);
  assert.equal(ends.first({ uid: 'b', endedAt: at(0) }), true);
});

test('ends of long ago are forgotten, so that nothing grows for ever', () => {
  const ends = new Ends();
  ends.first({ uid: 'old', endedAt: at(0) });
  ends.first({ uid: 'recent', endedAt: at(HOUR / 2) });
  ends.first({ uid: 'new', endedAt: at(HOUR + 1) });
  assert.equal(ends.first({ uid: 'recent', endedAt: at(HOUR / 2) }), false);
  assert.equal(ends.first({ uid: 'old', endedAt: at(0) }), true);
});
