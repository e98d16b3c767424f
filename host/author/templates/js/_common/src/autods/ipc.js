// Arrow IPC streams, uncompressed, in plain JavaScript: what crosses the border of a plugin.
//
// The part of the format that the contract allows (https://arrow.apache.org/docs/format/Columnar.html):
// flat columns of seven types, no dictionaries, no compression, no metadata. A column is
// `{ name, type, values }`; in `values`, `null` is a missing value, whole numbers of 64 bits are
// BigInt, and days are Number.

import { decode, encode } from './utf8.js';

const PLAIN = {
  int64: [8, (view, at) => view.getBigInt64(at, true), (view, at, v) => view.setBigInt64(at, v, true), 0n],
  timestamp: [8, (view, at) => view.getBigInt64(at, true), (view, at, v) => view.setBigInt64(at, v, true), 0n],
  float32: [4, (view, at) => view.getFloat32(at, true), (view, at, v) => view.setFloat32(at, v, true), 0],
  float64: [8, (view, at) => view.getFloat64(at, true), (view, at, v) => view.setFloat64(at, v, true), 0],
  date32: [4, (view, at) => view.getInt32(at, true), (view, at, v) => view.setInt32(at, v, true), 0],
};
const SCHEMA = 1, BATCH = 3, V5 = 4;
const INT = 2, FLOAT = 3, UTF8 = 5, BOOL = 6, DATE = 8, TIMESTAMP = 10;

/** The bytes are not a stream of this part of the format. */
export class Malformed extends Error {}

/** One stream with one batch. Columns are of the same length. */
export function write(columns) {
  const rows = columns.length ? columns[0].values.length : 0;
  if (columns.some((column) => column.values.length !== rows)) {
    throw new Error('columns of different lengths');
  }
  const body = [], nodes = [], buffers = [];
  let size = 0;
  for (const column of columns) {
    let missing = 0;
    for (const value of column.values) missing += value === null;
    nodes.push([rows, missing]);
    for (const buffer of buffersOf(column, rows, missing)) {
      buffers.push([size, buffer.length]);
      const padding = -buffer.length & 7;
      body.push(buffer, new Uint8Array(padding));
      size += buffer.length + padding;
    }
  }
  const schema = { 0: number(2, 0), 1: columns.map(field) };
  const batch = { 0: number(8, rows), 1: structs(nodes), 2: structs(buffers) };
  return joined([
    message(SCHEMA, schema, 0),
    message(BATCH, batch, size),
    ...body,
    Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0),
  ]);
}

function buffersOf({ type, values }, rows, missing) {
  const present = missing ? bits(values, (value) => value !== null) : new Uint8Array(0);
  if (type === 'boolean') return [present, bits(values, (value) => value === true)];
  if (type === 'utf8') {
    const texts = values.map((value) => (value === null ? new Uint8Array(0) : encode(value)));
    const offsets = new DataView(new ArrayBuffer(4 * (rows + 1)));
    let end = 0;
    texts.forEach((text, at) => offsets.setInt32(4 * at + 4, (end += text.length), true));
    return [present, new Uint8Array(offsets.buffer), joined(texts)];
  }
  const [width, , set, zero] = PLAIN[type];
  const view = new DataView(new ArrayBuffer(width * rows));
  for (let at = 0; at < rows; at += 1) set(view, width * at, values[at] === null ? zero : values[at]);
  return [present, new Uint8Array(view.buffer)];
}

// bit i of byte i >> 3, the lowest first
function bits(values, of) {
  const bytes = new Uint8Array((values.length + 7) >> 3);
  for (let at = 0; at < values.length; at += 1) if (of(values[at])) bytes[at >> 3] |= 1 << (at & 7);
  return bytes;
}

function field({ name, type }) {
  const [kind, more] = {
    boolean: [BOOL, {}],
    int64: [INT, { 0: number(4, 64), 1: number(1, 1) }],
    float32: [FLOAT, { 0: number(2, 1) }],
    float64: [FLOAT, { 0: number(2, 2) }],
    utf8: [UTF8, {}],
    date32: [DATE, { 0: number(2, 0) }],
    timestamp: [TIMESTAMP, { 0: number(2, 2) }],
  }[type];
  return { 0: name, 1: number(1, 1), 2: number(1, kind), 3: more, 5: [] };
}

function message(kind, header, size) {
  const table = { 0: number(2, V5), 1: number(1, kind), 2: header, 3: number(8, size) };
  const out = new Out();
  out.u32(0, out.put(table, out.grow(4)));
  out.align(8);
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(0, 0xffffffff, true);
  head.setUint32(4, out.length, true);
  return joined([new Uint8Array(head.buffer), out.bytes.subarray(0, out.length)]);
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// ------------------------------------------------------------------------------ flatbuffers, out
// An item is a text, a list of tables, 16-byte structs, or a table: an object by slot, whose values
// are numbers with their width or items.

const number = (width, value) => ({ width, value });
const structs = (pairs) => ({ pairs });
const isNumber = (item) => item.width !== undefined;

class Out {
  constructor() {
    this.bytes = new Uint8Array(1024);
    this.length = 0;
  }
  grow(size) {
    const at = this.length;
    this.length += size;
    if (this.length > this.bytes.length) {
      const larger = new Uint8Array(2 * this.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return at;
  }
  align(width, plus = 0) {
    while ((this.length + plus) % width) this.grow(1);
  }
  view() {
    return new DataView(this.bytes.buffer);
  }
  u32(at, value) {
    this.view().setUint32(at, value, true);
  }
  // appends an item behind what points at it; gives its place
  put(item) {
    if (typeof item === 'string') {
      const text = encode(item);
      this.align(4);
      const place = this.grow(4 + text.length + 1);
      this.u32(place, text.length);
      this.bytes.set(text, place + 4);
      return place;
    }
    if (item.pairs) {
      this.align(8, 4);
      const place = this.grow(4 + 16 * item.pairs.length);
      this.u32(place, item.pairs.length);
      item.pairs.flat().forEach((value, at) => this.view().setBigInt64(place + 4 + 8 * at, BigInt(value), true));
      return place;
    }
    if (Array.isArray(item)) {
      this.align(4);
      const place = this.grow(4 + 4 * item.length);
      this.u32(place, item.length);
      item.forEach((element, at) => this.point(place + 4 + 4 * at, element));
      return place;
    }
    return this.table(item);
  }
  point(from, item) {
    const place = this.put(item);
    this.u32(from, place - from);
  }
  table(slots) {
    const named = Object.keys(slots).map(Number);
    const count = Math.max(-1, ...named) + 1;
    const width = (slot) => (isNumber(slots[slot]) ? slots[slot].width : 4);
    // widest first, so that each lies at a multiple of its width
    const order = named.sort((a, b) => width(b) - width(a));
    const offsets = {};
    let size = 4;
    for (const slot of order) {
      size += -size & (width(slot) - 1);
      offsets[slot] = size;
      size += width(slot);
    }
    this.align(8, 4 + 2 * count);
    const names = this.grow(4 + 2 * count);
    this.view().setUint16(names, 4 + 2 * count, true);
    this.view().setUint16(names + 2, size, true);
    for (const slot of order) this.view().setUint16(names + 4 + 2 * slot, offsets[slot], true);
    const place = this.grow(size);
    this.view().setInt32(place, place - names, true);
    for (const slot of order) {
      const at = place + offsets[slot], item = slots[slot];
      if (!isNumber(item)) this.point(at, item);
      else if (item.width === 8) this.view().setBigInt64(at, BigInt(item.value), true);
      else if (item.width === 4) this.view().setInt32(at, item.value, true);
      else if (item.width === 2) this.view().setInt16(at, item.value, true);
      else this.view().setUint8(at, item.value);
    }
    return place;
  }
}

// ---------------------------------------------------------------------------------------- reading

/**
 * The columns of a stream, its batches one behind the other. Throws `Malformed`: the host has
 * checked what it hands over; this says so of anything else.
 */
export function read(stream) {
  try {
    return readAll(stream);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) {
      throw new Malformed('not a stream of this part of the format');
    }
    throw error;
  }
}

function wrong(what) {
  throw new Malformed(what);
}

// exactly these bytes, or none at all
function part(bytes, at, length) {
  if (!(at >= 0 && length >= 0 && at + length <= bytes.length)) wrong('it ends too early');
  return bytes.subarray(at, at + length);
}

const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function readAll(stream) {
  let at = 0, columns = null;
  while (at < stream.length) {
    const head = viewOf(part(stream, at, 8));
    if (head.getUint32(0, true) !== 0xffffffff) wrong('a message does not begin with its mark');
    const length = head.getInt32(4, true);
    at += 8;
    if (length === 0) break;
    const view = viewOf(part(stream, at, length));
    const message = new Reader(view, view.getUint32(0, true));
    at += length;
    const kind = message.number(1, 1), header = message.table(2), size = message.number(3, 8);
    const body = part(stream, at, size);
    at += size;
    if (kind === SCHEMA) columns = header.tables(1).map(column);
    else if (kind === BATCH && columns) extend(columns, header, body);
    else wrong('a message of another kind');
  }
  return columns ?? wrong('no schema');
}

function column(field) {
  const kind = field.number(2, 1), more = field.table(3);
  let type = { [UTF8]: 'utf8', [BOOL]: 'boolean' }[kind];
  if (kind === INT && more.number(0, 4) === 64 && more.number(1, 1) === 1) type = 'int64';
  if (kind === FLOAT) type = { 1: 'float32', 2: 'float64' }[more.number(0, 2)];
  if (kind === TIMESTAMP && more.number(0, 2) === 2) type = 'timestamp';
  if (kind === DATE && more.number(0, 2, 1) === 0) type = 'date32';
  return { name: field.text(0), type: type ?? wrong('a column of another type'), values: [] };
}

function extend(columns, header, body) {
  const rows = header.number(0, 8), nodes = header.structs(1), places = header.structs(2);
  if (header.table(3) || nodes.length !== columns.length || rows < 0) {
    wrong('compressed, or not as many columns as the schema says');
  }
  const buffer = (needed) => {
    const taken = part(body, ...(places.shift() ?? wrong('a buffer is missing')));
    return taken.length >= needed ? taken : wrong('a buffer is too short');
  };
  columns.forEach(({ type, values }, index) => {
    const [length, missing] = nodes[index];
    if (length !== rows) wrong('a column of another length');
    const flags = (rows + 7) >> 3;
    const present = buffer(missing ? flags : 0);
    const there = (at) => !missing || (present[at >> 3] >> (at & 7)) & 1;
    let value;
    if (type === 'boolean') {
      const set = buffer(flags);
      value = (at) => Boolean((set[at >> 3] >> (at & 7)) & 1);
    } else if (type === 'utf8') {
      const offsets = viewOf(buffer(rows ? 4 * (rows + 1) : 0)), text = buffer(0);
      value = (at) => {
        const start = offsets.getInt32(4 * at, true);
        return decode(part(text, start, offsets.getInt32(4 * at + 4, true) - start));
      };
    } else {
      const [width, get] = PLAIN[type];
      const view = viewOf(buffer(width * rows));
      value = (at) => get(view, width * at);
    }
    for (let at = 0; at < rows; at += 1) values.push(there(at) ? value(at) : null);
  });
}

// a flatbuffers table in its bytes
class Reader {
  constructor(view, at) {
    this.view = view;
    this.at = at;
    this.names = at - view.getInt32(at, true);
  }
  slot(slot) {
    if (4 + 2 * slot + 2 > this.view.getUint16(this.names, true)) return null;
    const offset = this.view.getUint16(this.names + 4 + 2 * slot, true);
    return offset ? this.at + offset : null;
  }
  number(slot, width, otherwise = 0) {
    const at = this.slot(slot);
    if (at === null) return otherwise;
    if (width === 8) return Number(this.view.getBigInt64(at, true));
    if (width === 4) return this.view.getInt32(at, true);
    return width === 2 ? this.view.getInt16(at, true) : this.view.getUint8(at);
  }
  target(slot) {
    const at = this.slot(slot);
    return at === null ? null : at + this.view.getUint32(at, true);
  }
  table(slot) {
    const at = this.target(slot);
    return at === null ? null : new Reader(this.view, at);
  }
  text(slot) {
    const at = this.target(slot);
    if (at === null) return '';
    const bytes = new Uint8Array(this.view.buffer, this.view.byteOffset, this.view.byteLength);
    const length = this.view.getUint32(at, true);
    return decode(part(bytes, at + 4, length));
  }
  elements(slot, width) {
    const at = this.target(slot);
    if (at === null) return [];
    const count = this.view.getUint32(at, true);
    if (count * width > this.view.byteLength) wrong('a list is longer than its message');
    return Array.from({ length: count }, (_, index) => at + 4 + width * index);
  }
  tables(slot) {
    return this.elements(slot, 4).map((at) => new Reader(this.view, at + this.view.getUint32(at, true)));
  }
  structs(slot) {
    const signed = (at) => Number(this.view.getBigInt64(at, true));
    return this.elements(slot, 16).map((at) => [signed(at), signed(at + 8)]);
  }
}
