// UTF-8, strictly. The JavaScript engine inside a component has no TextEncoder and no TextDecoder.

/** The bytes of a text; half a surrogate pair becomes U+FFFD. */
export function encode(text) {
  const bytes = [];
  for (const character of text) {
    let code = character.codePointAt(0);
    if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}

// the smallest code that needs so many further bytes
const LEAST = [0, 0x80, 0x800, 0x10000];

/** The text of bytes. Throws `TypeError` where they are not UTF-8. */
export function decode(bytes) {
  const parts = [];
  let codes = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at];
    const more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1;
    if (more < 0 || at + more >= bytes.length) throw new TypeError('not UTF-8');
    let code = more === 0 ? first : first & (0x3f >> more);
    for (let next = 1; next <= more; next += 1) {
      const byte = bytes[at + next];
      if ((byte & 0xc0) !== 0x80) throw new TypeError('not UTF-8');
      code = (code << 6) | (byte & 63);
    }
    if (code < LEAST[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
      throw new TypeError('not UTF-8');
    }
    codes.push(code);
    at += more + 1;
    // an argument list has a length that engines bound
    if (codes.length === 4096) {
      parts.push(String.fromCodePoint(...codes));
      codes = [];
    }
  }
  parts.push(String.fromCodePoint(...codes));
  return parts.join('');
}
