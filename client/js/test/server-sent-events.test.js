import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readServerSentEvents } from '../src/server-sent-events.js';

const bytes = (text) => new TextEncoder().encode(text);

function streamOf(...chunks) {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(typeof chunk === 'string' ? bytes(chunk) : chunk);
      }
      controller.close();
    },
  });
}

async function read(...chunks) {
  const events = [];
  for await (const event of readServerSentEvents(streamOf(...chunks))) {
    events.push(event);
  }
  return events;
}

describe('an event stream', () => {
  test('gives event, id and data', async () => {
    assert.deepEqual(await read('event: progress\nid: 7\ndata: {"a":1}\n\n'), [
      { event: 'progress', id: '7', data: '{"a":1}' },
    ]);
  });

  test('reads the same however its bytes are cut', async () => {
    const text =
      '\uFEFFevent: füße\r\nid: 1\r\ndata: 💡 one\rdata: two\n\r\n: comment\r\rdata: x\r\n\r\n';
    const whole = bytes(text);
    const expected = await read(whole);
    assert.deepEqual(expected, [
      { event: 'füße', id: '1', data: '💡 one\ntwo' },
      { event: 'message', id: '1', data: 'x' },
    ]);

    for (let cut = 1; cut < whole.length; cut++) {
      assert.deepEqual(
        await read(whole.slice(0, cut), whole.slice(cut)),
        expected,
        `cut at ${cut}`,
      );
    }
    assert.deepEqual(await read(...Array.from(whole, (byte) => Uint8Array.of(byte))), expected);
  });

  for (const [name, end] of [
    ['LF', '\n'],
    ['CR', '\r'],
    ['CRLF', '\r\n'],
  ]) {
    test(`ends its lines with ${name}`, async () => {
      const lines = ['data: 1', 'data: 2', '', 'data: 3', '', ''].join(end);
      assert.deepEqual(
        (await read(lines)).map(({ data }) => data),
        ['1\n2', '3'],
      );
    });
  }

  test('passes over one byte order mark, at its start only', async () => {
    assert.equal((await read('\uFEFFdata: 1\n\n'))[0].data, '1');
    assert.deepEqual(await read('\uFEFF\uFEFFdata: 1\n\n'), []);
    assert.deepEqual(await read(':\n\n\uFEFFdata: 1\n\n'), []);
  });

  test('passes over comments and unknown fields', async () => {
    assert.deepEqual(await read(': heartbeat\n\n:\nfoo: bar\nretry: 10\nDATA: no\ndata: yes\n\n'), [
      { event: 'message', id: '', data: 'yes' },
    ]);
  });

  test('takes one space off a value, and a field without a colon as empty', async () => {
    assert.deepEqual((await read('data:  a\ndata:b\ndata\ndata: c:d\n\n'))[0].data, ' a\nb\n\nc:d');
  });

  test('dispatches nothing without data, and forgets the type of what it did not dispatch', async () => {
    assert.deepEqual(await read('event: lost\n\ndata: \n\ndata:\ndata:\n\n'), [
      { event: 'message', id: '', data: '\n' },
    ]);
  });

  test('keeps the last id, which an empty one resets and one with NUL does not', async () => {
    const ids = (
      await read(
        'id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\nid: 3\n\ndata: d\n\nid\ndata: e\n\n',
      )
    ).map(({ id }) => id);
    assert.deepEqual(ids, ['1', '1', '1', '3', '']);
  });

  test('tells an id before its event, and one that comes alone', async () => {
    const told = [];
    const stream = streamOf('id: 1\n\nid: 2\ndata: a\n\ndata: b\n\nid: 3\n');
    for await (const { data } of readServerSentEvents(stream, {
      identified: (id) => told.push(id),
    })) {
      told.push(data);
    }
    assert.deepEqual(told, ['1', '2', 'a', 'b']);
  });

  test('drops the event that its end cuts off', async () => {
    assert.deepEqual(await read('data: 1\n\ndata: 2\n'), [{ event: 'message', id: '', data: '1' }]);
    assert.deepEqual(await read('data: 1'), []);
  });

  test('gives an event out at its empty line, before anything follows', async () => {
    const { readable, writable } = new TransformStream();
    const events = readServerSentEvents(readable);
    const writer = writable.getWriter();
    const next = events.next();
    await writer.write(bytes('data: now\r\r'));
    assert.equal((await next).value.data, 'now');
    await events.return();
  });

  test('throws what the stream fails with', async () => {
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes('data: 1\n\n'));
      },
      pull(controller) {
        controller.error(new TypeError('lost'));
      },
    });
    const events = readServerSentEvents(broken);
    await assert.rejects(async () => {
      for await (const event of events) {
        assert.equal(event.data, '1');
      }
    }, new TypeError('lost'));
  });

  test('is cancelled when its reader stops', async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(bytes('data: 1\n\n')),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const event of readServerSentEvents(endless)) {
      assert.equal(event.data, '1');
      break;
    }
    assert.ok(cancelled);
  });

  test('refuses an event without end', async () => {
    const kilobytes = new Uint8Array(256 * 1024).fill(0x61);
    const line = new ReadableStream({ pull: (controller) => controller.enqueue(kilobytes) });
    await assert.rejects(readServerSentEvents(line).next(), RangeError);

    const data = bytes(`data: ${'a'.repeat(256 * 1024)}\n`);
    const lines = new ReadableStream({ pull: (controller) => controller.enqueue(data) });
    await assert.rejects(readServerSentEvents(lines).next(), RangeError);
  });
});
