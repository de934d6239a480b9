import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from '../index.js';

test('the package has the classes of the browser, and no others', () => {
  assert.deepEqual(Object.keys(client), [
    'BackgroundFetchEvent',
    'BackgroundFetchManager',
    'BackgroundFetchRecord',
    'BackgroundFetchRegistration',
    'BackgroundFetchUpdateUIEvent',
  ]);
});
