// Centres and scales columns of numbers.
//
// `fit` learns the centre and the scale of every column from the training rows of one fold; `apply`
// takes the one off and divides by the other. What `apply` sees of other rows never changes what was
// learnt: that is all there is to "no leakage".
//
// With `robust` the centre is the median and the scale the interquartile range (Hyndman and Fan,
// "Sample quantiles in statistical packages", 1996, definition 7); without, mean and standard
// deviation (n - 1).
import { fault, flag, only } from './autods/contract.js';
import { Malformed, read, write } from './autods/ipc.js';
import { decode, encode } from './autods/utf8.js';

const ROWS = 'rows';
// change it whenever the meaning of a state changes: one of another version is refused
const FORMAT = '{{id}} state 1';

export function fit(tables, recipe) {
  const rows = main(tables);
  const columns = recipe.columns.map(({ column, steps }, at) => {
    let robust = false;
    for (const { name, params } of steps) {
      if (name !== 'centre-scale') throw fault('unknown-parameter', { column: at });
      only(params, ['robust']);
      robust = flag(params, 'robust', false);
    }
    const values = numbers(rows, column, at).filter((value) => value !== null);
    const [centre, scale] = steps.length ? spread(values, robust, at) : [0, 1];
    return [column, centre, scale];
  });
  // numbers in JSON are written so that the same bits are read
  const state = encode(JSON.stringify({ format: FORMAT, columns }));
  // no rows: the training rows as `apply` gives them
  return { state, train: [] };
}

export function apply(state, tables) {
  const rows = main(tables);
  const made = parse(state).map(([name, centre, scale], at) => ({
    name,
    // the design matrix is of 32-bit floats; a missing value stays missing
    type: 'float32',
    values: numbers(rows, name, at).map((value) => (value === null ? null : (value - centre) / scale)),
  }));
  return [{ name: ROWS, stream: write(made) }];
}

// centre and scale; values that are all the same get the scale 1
function spread(unordered, robust, column) {
  if (unordered.length < 2) throw fault('insufficient-data', { column });
  // in one order, so that sums have the same bits whatever the order of the rows
  const values = Float64Array.from(unordered).sort();
  let centre, scale;
  if (robust) {
    centre = quantile(values, 0.5);
    scale = quantile(values, 0.75) - quantile(values, 0.25);
  } else {
    centre = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    scale = Math.sqrt(squares / (values.length - 1));
  }
  if (!Number.isFinite(centre) || !Number.isFinite(scale)) throw fault('insufficient-data', { column });
  return [centre, scale > 0 ? scale : 1];
}

// linear interpolation between the two nearest of sorted values
function quantile(ordered, share) {
  const place = share * (ordered.length - 1), below = Math.floor(place);
  const low = ordered[below], high = ordered[Math.ceil(place)];
  return low + (place - below) * (high - low);
}

// the columns of the main table, by name
function main(tables) {
  const table = tables.find(({ name }) => name === ROWS);
  if (table === undefined) throw fault('missing-input');
  try {
    return new Map(read(table.stream).map((column) => [column.name, column]));
  } catch (error) {
    throw error instanceof Malformed ? fault('internal') : error;
  }
}

// a column of numbers, whole or not
function numbers(rows, name, column) {
  const found = rows.get(name);
  if (found?.type === 'float64') return found.values;
  if (found?.type !== 'int64') throw fault('missing-input', { column });
  return found.values.map((value) => (value === null ? null : Number(value)));
}

// What was learnt. Whoever runs this may hand over anything: nothing is taken for granted.
function parse(state) {
  try {
    const { format, columns } = JSON.parse(decode(state));
    const good = ([name, centre, scale]) =>
      typeof name === 'string' && Number.isFinite(centre) && Number.isFinite(scale);
    if (format === FORMAT && columns.every(good)) return columns;
  } catch {
    // not JSON, or of another shape
  }
  throw fault('invalid-state');
}
