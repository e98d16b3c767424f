// The loader without a host: functions here stand in for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { read } from '../src/autods/ipc.js';
import { loader } from '../src/key-values.js';

function job(columns, params = []) {
  const specs = columns.map(([name, kind]) => ({ name, kind, unit: null, codings: [], missing: [] }));
  return { tables: [{ name: 'readings', columns: specs, missing: ['?'] }], params };
}

// plans, loads every shard; gives the rows of the table, and the number of records
function loadAll(wanted, text, shardBytes = 1) {
  const data = new TextEncoder().encode(text), rows = [];
  let records = 0;
  const { plan, load } = loader({
    describe: () => [{ name: 'a.kv', size: data.length, inflated: false }],
    readAt: (_, at, length) => data.slice(at, at + length),
    emit(table, stream) {
      assert.equal(table, 'readings');
      const columns = read(stream);
      columns[0].values.forEach((_, row) => rows.push(columns.map(({ values }) => values[row])));
    },
    metric() {},
  });
  for (const shard of plan(wanted, shardBytes)) records += load(wanted, shard).records;
  return { rows, records };
}

test('a key that is not there is a missing value', () => {
  const wanted = job([['id', 'integer'], ['age', 'number']]);
  for (const shardBytes of [1, 10, 1 << 20]) {
    const { rows, records } = loadAll(wanted, '#keys id age\nid=1;age=63\nid=2\nage=?;id=3', shardBytes);
    assert.deepEqual(rows, [[1n, 63], [2n, null], [3n, null]]);
    assert.equal(records, 3);
  }
});

test('every wrong line is a fault that names it', () => {
  const wanted = job([['id', 'integer']]);
  for (const [text, code, line] of [
    ['', 'empty-input', 1],
    ['id=1\n', 'malformed', 1],
    ['#keys age\n', 'missing-column', 1],
    ['#keys id id\n', 'duplicate-column', 1],
    ['#keys id\nid=1\nid\n', 'malformed', 3],
    ['#keys id\nid=1\nage=1\n', 'malformed', 3],
    ['#keys id\nid=1;id=2\n', 'duplicate-column', 2],
    ['#keys id\nid=one\n', 'invalid-value', 2],
  ]) {
    assert.throws(() => loadAll(wanted, text), (fault) => fault.code === code && fault.line === line, text);
  }
});

test('a separator is one character', () => {
  for (const [val, good] of [['|', true], ['', false], ['=', false], ['||', false]]) {
    const wanted = job([['id', 'integer']], [{ name: 'separator', value: { tag: 'text', val } }]);
    const attempt = () => loadAll(wanted, '#keys id\nid=1\n');
    if (good) attempt();
    else assert.throws(attempt, (fault) => fault.code === 'parameter-out-of-range');
  }
});
