// Streams and cells.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as cells from '../src/autods/cells.js';
import { Malformed, read, write } from '../src/autods/ipc.js';
import { decode, encode } from '../src/autods/utf8.js';

const COLUMNS = [
  { name: 'flag', type: 'boolean', values: [true, null, false] },
  { name: 'count', type: 'int64', values: [1n, null, -(2n ** 63n)] },
  { name: 'small', type: 'float32', values: [1.5, null, -2] },
  { name: 'weight', type: 'float64', values: [0.1, 0.2, 0.3] },
  { name: 'näme', type: 'utf8', values: ['', null, 'ü€'] },
  { name: 'day', type: 'date32', values: [0, null, -5] },
  { name: 'seen', type: 'timestamp', values: [0n, null, 10n ** 15n] },
];

const arrow = await import('apache-arrow').catch(() => null);

test('what is written is what is read', () => {
  assert.deepEqual(read(write(COLUMNS)), COLUMNS);
  const empty = COLUMNS.map((column) => ({ ...column, values: [] }));
  assert.deepEqual(read(write(empty)), empty);
});

test('more rows than a byte has bits', () => {
  const values = Array.from({ length: 1001 }, (_, n) => (n % 3 === 0 ? null : n % 2 === 0));
  const column = { name: 'flag', type: 'boolean', values };
  assert.deepEqual(read(write([column])), [column]);
});

test('a damaged stream is an error and never another', () => {
  const whole = write(COLUMNS);
  const attempt = (bytes) => {
    try {
      return read(bytes);
    } catch (error) {
      assert.ok(error instanceof Malformed, String(error));
      return [];
    }
  };
  for (let cut = 1; cut < whole.length - 8; cut += 3) {
    // between two messages a stream may end
    assert.ok(attempt(whole.subarray(0, cut)).every((column) => column.values.length === 0));
  }
  for (let at = 0; at < whole.length; at += 1) {
    const damaged = whole.slice();
    damaged[at] ^= 0xff;
    attempt(damaged);
  }
});

const skip = arrow ? false : 'apache-arrow is not installed (npm install --no-save apache-arrow)';
test('apache-arrow reads what we write and we read what it writes', { skip }, () => {
  const table = arrow.tableFromIPC(write(COLUMNS));
  for (const { name, type, values } of COLUMNS) {
    if (type !== 'date32' && type !== 'timestamp') {
      assert.deepEqual([...table.getChild(name)], values);
    }
  }
  assert.deepEqual(read(arrow.tableToIPC(table, 'stream')), COLUMNS);
});

test('UTF-8 is what the engine of this machine says it is', () => {
  const texts = ['', 'a', 'ü€', '😀', '\u0000\u007f\u0080\u07ff\u0800\uffff', '\ud800', 'é'.repeat(5000)];
  for (const text of texts) {
    assert.deepEqual(encode(text), new TextEncoder().encode(text));
    assert.equal(decode(encode(text)), new TextDecoder().decode(encode(text)));
  }
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const said = (of, bytes) => {
    try {
      return of(bytes);
    } catch {
      return null;
    }
  };
  for (let first = 0; first < 256; first += 1) {
    for (let second = 0; second < 256; second += 1) {
      for (const rest of [[], [0x80], [0x80, 0x80], [0xbf, 0xbf], [0x41]]) {
        const bytes = Uint8Array.of(first, second, ...rest);
        assert.equal(said(decode, bytes), said((b) => strict.decode(b), bytes), String(bytes));
      }
    }
  }
});

test('dates must exist', () => {
  assert.equal(cells.date('1969-12-31'), -1);
  assert.equal(cells.date('2000-02-29'), 11_016);
  assert.equal(cells.date('0001-01-01'), -719_162);
  assert.equal(cells.date('9999-12-31'), 2_932_896);
  for (const wrong of ['1900-02-29', '0000-01-01', '2001-1-1', '2001-01-01 ', '２００１-01-01', '']) {
    assert.equal(cells.date(wrong), null, wrong);
  }
});

test('a time is brought to UTC only where it has an offset', () => {
  const noon = 43_200_000_000n;
  for (const text of ['1970-01-01T12:00', '1970-01-01 12:00:00Z', '1970-01-01T14:00:00+02:00']) {
    assert.equal(cells.datetime(text), noon, text);
  }
  assert.equal(cells.datetime('1970-01-01T08:30:00-0330'), noon);
  assert.equal(cells.datetime('1970-01-01T12:00:00.1234567'), noon + 123_456n);
  assert.equal(cells.datetime('1970-01-02'), 86_400_000_000n);
  for (const wrong of ['1970-01-01T24:00', '1970-01-01T12', '1970-01-01T12:00:00.', '1970-01-01x12:00']) {
    assert.equal(cells.datetime(wrong), null, wrong);
  }
});

test('numbers are read strictly', () => {
  assert.equal(cells.number('-.5'), -0.5);
  for (const wrong of ['NaN', 'inf', '1e999', '1,5', ' 1', '', '0x10', '1_000']) {
    assert.equal(cells.number(wrong), null, wrong);
  }
  assert.equal(cells.integer('-7'), -7n);
  for (const wrong of ['7.0', '9223372036854775808', '1_000', '']) {
    assert.equal(cells.integer(wrong), null, wrong);
  }
  assert.equal(cells.boolean('Yes'), true);
  assert.equal(cells.boolean('y'), null);
});
