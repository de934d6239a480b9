import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fetchAddress,
  listAddress,
  parseRoute,
} from '../../main/resources/io/bgfetch/gateway/dashboard/route.js';

test('addresses lead back to where they come from', () => {
  const uid = '019ab000-0000-7000-8000-000000000001';
  assert.deepEqual(parseRoute(fetchAddress(uid)), { page: 'fetch', uid });
  for (const list of [
    { id: '', onlyActive: false },
    { id: 'a/b #?&=ü', onlyActive: false },
    { id: '', onlyActive: true },
  ]) {
    assert.deepEqual(parseRoute(listAddress(list)), { page: 'list', ...list });
  }
});

test('an address that means nothing is the list', () => {
  for (const hash of ['', '#', '#/fetches/..%2f', '#/fetches/<img>', '#elsewhere']) {
    assert.equal(parseRoute(hash).page, 'list');
  }
});
