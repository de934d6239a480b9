import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Origins } from '../../main/resources/io/bgfetch/gateway/dashboard/origins.js';

/** Answers when it is told to, and counts what it was asked. */
class HeldApi {
  asked = [];
  #answers = new Map();

  get(path) {
    const uid = path.split('/')[2];
    this.asked.push(uid);
    return new Promise((resolve) => this.#answers.set(uid, resolve));
  }

  async answer(uid) {
    this.#answers.get(uid)({ records: [{ request: { url: `https://${uid}.example/file` } }] });
    await new Promise(setImmediate);
  }
}

test('however many ask for one, it is looked up once and all of them are told', async () => {
  const api = new HeldApi();
  const origins = new Origins(api);
  const told = [];
  origins.ask('a', (origin) => told.push(`row: ${origin}`));
  origins.ask('a', (origin) => told.push(`details: ${origin}`));
  assert.deepEqual(api.asked, ['a']);
  await api.answer('a');
  assert.deepEqual(told, ['row: https://a.example', 'details: https://a.example']);
  origins.ask('a', (origin) => told.push(`later: ${origin}`));
  assert.equal(told.at(-1), 'later: https://a.example');
  assert.deepEqual(api.asked, ['a']);
});

test('who does not want to know any more takes nothing from the others', async () => {
  const api = new HeldApi();
  const origins = new Origins(api);
  const told = [];
  ['b', 'c', 'd', 'e'].forEach((uid) => origins.ask(uid, () => {}));
  const takeBack = origins.ask('a', () => told.push('the list that is hidden'));
  origins.ask('a', (origin) => told.push(origin));
  takeBack();
  const forgotten = origins.ask('f', () => told.push('f'));
  forgotten();
  await api.answer('b');
  await api.answer('a');
  assert.deepEqual(told, ['https://a.example']);
  assert.deepEqual(api.asked, ['b', 'c', 'd', 'e', 'a']);
});
