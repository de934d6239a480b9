import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** Run by `npm test` alone; in the build `JavaScriptTypesTest` compiles the same. */
const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

test('the types are those of the classes', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [compiler, '--project', fileURLToPath(new URL('.', import.meta.url))],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stdout + stderr);
});
