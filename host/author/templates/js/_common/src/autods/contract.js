// Faults and parameters, as the contract has them.

/** A fault to `throw`: a code and numbers, never a text of yours. */
export function fault(code, { source, line, column, expected, found } = {}) {
  const big = (value) => (value === undefined ? undefined : BigInt(value));
  return { code, source, line: big(line), column, expected: big(expected), found: big(found) };
}

/** That every parameter is one of `names`, and none stands twice. */
export function only(params, names) {
  const seen = params.map((param) => param.name);
  if (new Set(seen).size !== seen.length || !seen.every((name) => names.includes(name))) {
    throw fault('unknown-parameter');
  }
}

function value(params, name, otherwise, tag) {
  const found = params.find((param) => param.name === name)?.value;
  if (!found || found.tag === 'missing') return otherwise;
  if (found.tag !== tag) throw fault('unknown-parameter');
  return found.val;
}

/** The text of that parameter. */
export const text = (params, name, otherwise) => value(params, name, otherwise, 'text');

/** The flag of that parameter. */
export const flag = (params, name, otherwise) => value(params, name, otherwise, 'flag');
