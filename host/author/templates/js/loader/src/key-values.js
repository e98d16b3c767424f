// Reads *key=value records*: one record a line, its fields in any order.
//
//     #keys id age sex weight
//     id=1;age=63;sex=F;weight=71.5
//     sex=M;id=2;age=48
//
// The first line of a file names its keys. A record need not have all of them: a key that is not
// there is a missing value. Lines that begin with `#` and blank lines are skipped.
//
// `plan` cuts files at the ends of lines; `load` reads one such shard.
import { fault, only, text } from './autods/contract.js';
import { TableWriter } from './autods/table.js';
import { decoded, lines } from './lines.js';

/** The loader on a host: in a test, functions that stand in for it. */
export const loader = (host) => ({
  plan: (job, shardBytes) => plan(host, job, shardBytes),
  load: (job, shard) => load(host, job, shard),
});

function plan(host, job, shardBytes) {
  const { table } = asked(job); // also says what is wrong with the job before any file is read
  const shards = [];
  host.describe().forEach((info, source) => {
    const { size } = info;
    let { end: start } = header(host, source, size, table);
    let firstLine = 2;
    for (const { number, end } of lines(host, source, start, size, 2)) {
      if (end - start >= Math.max(shardBytes, 1) || end === size) {
        shards.push({ source, start, end, firstLine });
        start = end;
        firstLine = number + 1;
      }
    }
  });
  return shards;
}

function load(host, job, { source, start, end, firstLine }) {
  const { table, separator } = asked(job);
  const { size } = host.describe()[source];
  const { columns, undeclared } = header(host, source, size, table);
  const writer = new TableWriter(host, table);
  let records = 0, skipped = 0;
  for (const { line, number } of lines(host, source, start, end, firstLine)) {
    const where = { source, line: number };
    const record = decoded(line, where);
    if (record === '' || record.startsWith('#')) {
      skipped += 1;
      continue;
    }
    writer.row(values(record, separator, columns, where), where);
    records += 1;
  }
  const emitted = writer.finish();
  // names of metrics are declared in plugin.toml
  host.metric('records', null, records);
  host.metric('skipped-lines', null, skipped);
  return { records, emitted, undeclaredColumns: undeclared };
}

// the only table of the job, and what stands between two fields
function asked(job) {
  only(job.params, ['separator']);
  const separator = text(job.params, 'separator', ';');
  if ([...separator].length !== 1 || separator === '=') throw fault('parameter-out-of-range');
  if (job.tables.length !== 1) throw fault('missing-input', { expected: 1, found: job.tables.length });
  return { table: job.tables[0], separator };
}

// the first line of a file: `#keys id age sex`; each key with its column in the dictionary, or null
function header(host, source, size, table) {
  const where = { source, line: 1 };
  const { value: first } = lines(host, source, 0, size, 1).next();
  if (first === undefined) throw fault('empty-input', where);
  const words = decoded(first.line, where);
  if (!words.startsWith('#keys ')) throw fault('malformed', where);
  const columns = new Map();
  for (const key of words.slice('#keys '.length).split(/\s+/).filter(Boolean)) {
    // a fault is codes and numbers: the column's index, never its text
    if (columns.has(key)) throw fault('duplicate-column', { ...where, column: columns.get(key) });
    const column = table.columns.findIndex(({ name }) => name === key);
    columns.set(key, column < 0 ? null : column);
  }
  table.columns.forEach(({ name }, column) => {
    if (!columns.has(name)) throw fault('missing-column', { ...where, column });
  });
  const undeclared = [...columns.values()].filter((column) => column === null).length;
  return { columns, undeclared, end: first.end };
}

// the values of one record, by column: `id=1;age=63;sex=F`
function values(record, separator, columns, where) {
  const found = new Map();
  for (const field of record.split(separator)) {
    const equals = field.indexOf('=');
    const key = field.slice(0, equals).trim();
    if (equals < 0 || !columns.has(key)) throw fault('malformed', where);
    const column = columns.get(key);
    if (column === null) continue;
    if (found.has(column)) throw fault('duplicate-column', { ...where, column });
    found.set(column, field.slice(equals + 1).trim());
  }
  return found;
}
