// Rows of text into typed batches.
import * as cells from './cells.js';
import { fault } from './contract.js';
import { write } from './ipc.js';

// rows that are gathered before they are emitted
const BATCH_ROWS = 8192;

const STORED = {
  boolean: ['boolean', cells.boolean],
  integer: ['int64', cells.integer],
  number: ['float64', cells.number],
  category: ['utf8', cells.text],
  ordinal: ['utf8', cells.text],
  date: ['date32', cells.date],
  datetime: ['timestamp', cells.datetime],
  text: ['utf8', cells.text],
  identifier: ['utf8', cells.text],
};

/** Builds a table of the job row by row and emits it in batches. */
export class TableWriter {
  constructor(host, table) {
    this.host = host;
    this.name = table.name;
    this.emitted = 0;
    this.columns = table.columns.map(({ name, kind }) => ({ name, type: STORED[kind][0], values: [] }));
    this.readers = table.columns.map(({ kind, codings, missing }) => ({
      read: STORED[kind][1],
      codes: kind === 'category' || kind === 'ordinal' ? new Set(codings.map(({ code }) => code)) : new Set(),
      missing: new Set(['', ...table.missing, ...missing]),
    }));
  }

  /**
   * Adds a row of texts by column; a column that is not there is a missing value, and so is an empty
   * text and every text that the dictionary lists as such. `where` goes into a fault.
   */
  row(values, where) {
    this.readers.forEach(({ read, codes, missing }, column) => {
      const text = values.get(column);
      let value = null;
      if (text !== undefined && !missing.has(text)) {
        if (codes.size > 0 && !codes.has(text)) throw fault('unknown-code', { ...where, column });
        value = read(text);
        if (value === null) throw fault('invalid-value', { ...where, column });
      }
      this.columns[column].values.push(value);
    });
    if (this.columns[0].values.length >= BATCH_ROWS) this.#flush();
  }

  /** Emits what is left; gives the number of rows emitted. */
  finish() {
    this.#flush();
    return this.emitted;
  }

  #flush() {
    const rows = this.columns[0].values.length;
    if (rows === 0) return;
    try {
      this.host.emit(this.name, write(this.columns));
    } catch {
      throw fault('host-refused');
    }
    this.emitted += rows;
    for (const column of this.columns) column.values = [];
  }
}
