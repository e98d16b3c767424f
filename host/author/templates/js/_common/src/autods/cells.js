// Texts read as the kinds of a data dictionary. Each gives `null` for a text that is not of its
// kind; nothing is trimmed. The same rules as in the Rust SDK.

const DAY = 86_400_000;

/** `true`/`false`, `yes`/`no`, `1`/`0`, in any case. */
export function boolean(text) {
  const word = text.toLowerCase();
  if (['1', 'true', 'yes'].includes(word)) return true;
  return ['0', 'false', 'no'].includes(word) ? false : null;
}

/** A whole number of 64 bits, as BigInt. */
export function integer(text) {
  if (!/^[+-]?[0-9]{1,40}$/.test(text)) return null;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : null;
}

/** A finite number with a point as its decimal mark. */
export function number(text) {
  if (!/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Days since 1970-01-01 of `YYYY-MM-DD`, years 0001 to 9999. */
export function date(text) {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (!match) return null;
  const [year, month, day] = match.slice(1).map(Number);
  if (year === 0) return null;
  // setUTCFullYear, because Date.UTC takes the years 0 to 99 for 1900 to 1999
  const found = new Date(0);
  found.setUTCFullYear(year, month - 1, day);
  const exists = found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
  return exists ? found.getTime() / DAY : null;
}

const TIME = new RegExp(
  '^[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?' +
    '(?:[Zz]|([+-])([0-9]{2})(?::?([0-9]{2}))?)?$',
);

/**
 * Microseconds since 1970-01-01T00:00 of `YYYY-MM-DD[T| ]hh:mm[:ss[.ffffff]][Z|±hh[:]mm]`, as
 * BigInt. A time with an offset is brought to UTC, one without is taken as it stands; a date alone
 * is its midnight; digits past the microsecond are cut off.
 */
export function datetime(text) {
  const days = date(text.slice(0, 10));
  if (days === null) return null;
  const midnight = BigInt(days) * 86_400_000_000n;
  if (text.length === 10) return midnight;
  const match = TIME.exec(text.slice(10));
  if (!match) return null;
  const [hour, minute, second] = [match[1], match[2], match[3] ?? '0'].map(Number);
  const [hours, minutes] = [match[6] ?? '0', match[7] ?? '0'].map(Number);
  if (hour > 23 || minute > 59 || second > 59 || hours > 23 || minutes > 59) return null;
  const shift = (hours * 60 + minutes) * (match[5] === '-' ? -1 : 1);
  const seconds = hour * 3600 + (minute - shift) * 60 + second;
  const micros = (match[4] ?? '0').slice(0, 6).padEnd(6, '0');
  return midnight + BigInt(seconds) * 1_000_000n + BigInt(micros);
}

/** Any text. */
export function text(text) {
  return text;
}
