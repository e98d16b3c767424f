// The method without a host.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { read, write } from '../src/autods/ipc.js';
import { apply, fit } from '../src/centre-scale.js';

const STEP = { name: 'centre-scale', params: [] };
const ROBUST = { name: 'centre-scale', params: [{ name: 'robust', value: { tag: 'flag', val: true } }] };

const rows = (name, values) => [{ name: 'rows', stream: write([{ name, type: 'float64', values }]) }];
const recipe = (column, ...steps) => ({ columns: [{ column, steps }], params: [] });
const faulty = (code) => (fault) => fault.code === code;

test('what was learnt from training rows is applied to others', () => {
  const { state } = fit(rows('age', [2, 4, 4, 4, null, 5, 5, 7, 9]), recipe('age', STEP));
  const [table] = apply(state, rows('age', [5, null, 7]));
  const [column] = read(table.stream);
  assert.deepEqual([table.name, column.name, column.type], ['rows', 'age', 'float32']);
  assert.deepEqual(column.values, [0, null, Math.fround(2 / Math.sqrt(32 / 7))]);
});

test('the order of rows changes no bit', () => {
  const values = Array.from({ length: 50 }, (_, n) => 0.1 * n * n);
  for (const step of [STEP, ROBUST]) {
    const there = fit(rows('x', values), recipe('x', step));
    assert.deepEqual(fit(rows('x', values.toReversed()), recipe('x', step)), there);
  }
});

test('what cannot be done is a fault', () => {
  assert.throws(() => fit(rows('x', [1]), recipe('x', STEP)), faulty('insufficient-data'));
  assert.throws(() => fit(rows('x', [1, 2]), recipe('y', STEP)), faulty('missing-input'));
  const unknown = recipe('x', { name: 'fold', params: [] });
  assert.throws(() => fit(rows('x', [1, 2]), unknown), faulty('unknown-parameter'));
});

test('a state of somebody else is refused', () => {
  for (const text of ['', '[]', '{"format":"other"}', '{"format":"{{id}} state 1"}']) {
    const state = new TextEncoder().encode(text);
    assert.throws(() => apply(state, rows('x', [1])), faulty('invalid-state'));
  }
});
