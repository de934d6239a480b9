import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import * as client from '../index.js';

const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const project = fileURLToPath(new URL('types', import.meta.url));

test(
  'the types are those of the classes',
  { skip: !existsSync(compiler) && 'npm ci was not run' },
  () => {
    const { status, stdout } = spawnSync(process.execPath, [compiler, '--project', project], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout);
  },
);

test('the classes are those of the browser', () => {
  assert.deepEqual(Object.keys(client), [
    'BackgroundFetchEvent',
    'BackgroundFetchManager',
    'BackgroundFetchRecord',
    'BackgroundFetchRegistration',
    'BackgroundFetchUpdateUIEvent',
  ]);
});
