import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as format from '../../main/resources/io/bgfetch/gateway/dashboard/format.js';

test('sizes have the unit that reads best', () => {
  assert.deepEqual(
    [0, 1023, 1024, 1536, 1024 ** 2 - 1, 60 * 1024 ** 2, 3 * 1024 ** 4].map(format.bytes),
    ['0 B', '1023 B', '1.0 KiB', '1.5 KiB', '1.0 MiB', '60.0 MiB', '3.0 TiB'],
  );
  assert.equal(format.bytesOf(512, 1024), '512 B of 1.0 KiB');
  assert.equal(format.bytesOf(512, 0), '512 B');
  assert.equal(format.byteRate(1536.4), '1.5 KiB/s');
});

test('numbers are grouped, small ones have a digit behind the point', () => {
  assert.equal(format.count(1234567), '1,234,567');
  assert.deepEqual([0, 0.25, 4.5, 12.4, 1234.5].map(format.countRate), [
    '0/s',
    '0.3/s',
    '4.5/s',
    '12/s',
    '1,235/s',
  ]);
  assert.equal(format.counted(1, 'record'), '1 record');
  assert.equal(format.counted(2, 'record'), '2 records');
});

test('durations', () => {
  const [second, minute, hour] = [1000, 60_000, 3_600_000];
  assert.deepEqual(
    [0, 420, 12.9 * second, 125 * second, 200 * minute, 52 * hour].map(format.duration),
    ['0.0 s', '0.4 s', '12 s', '2 min 05 s', '3 h 20 min', '2 d 4 h'],
  );
  assert.deepEqual(
    [10, 61 * second, 5 * minute, 5 * hour, 80 * hour].map(format.roughly),
    ['1 s', '61 s', '5 min', '5 h', '3 d'],
  );
  assert.equal(format.ago(-500), 'just now');
  assert.equal(format.ago(12 * second), '12 s ago');
});
