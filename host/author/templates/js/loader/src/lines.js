// Lines of a range of a source, a chunk of bytes at a time.
import { fault } from './autods/contract.js';
import { decode } from './autods/utf8.js';

const CHUNK = 1 << 20;
// bytes of a line at most: memory does not grow with the file
const LONGEST = 1 << 20;
const END = 10, RETURN = 13;

/**
 * Each line of the bytes `start .. end` without its end, its number in the file, and the first byte
 * behind it. The first one has the number `number`.
 */
export function* lines(host, source, start, end, number) {
  let rest = new Uint8Array(0), offset = start, at = start;
  const line = (bytes) => (bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes);
  while (at < end) {
    const chunk = read(host, source, at, Math.min(CHUNK, end - at));
    at += chunk.length;
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    let from = 0;
    for (let found; (found = bytes.indexOf(END, from)) >= 0; from = found + 1, number += 1) {
      offset += found + 1 - from;
      yield { line: line(bytes.subarray(from, found)), number, end: offset };
    }
    rest = bytes.subarray(from);
    if (rest.length > LONGEST) throw fault('malformed', { source, line: number });
  }
  // the last line may have no end
  if (rest.length > 0) yield { line: line(rest), number, end: offset + rest.length };
}

function read(host, source, at, length) {
  try {
    return host.readAt(source, at, length);
  } catch {
    throw fault('host-refused', { source });
  }
}

/** The text of a line. */
export function decoded(bytes, where) {
  try {
    return decode(bytes);
  } catch {
    throw fault('invalid-utf8', where);
  }
}
