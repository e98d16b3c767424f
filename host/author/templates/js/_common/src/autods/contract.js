// Faults and parameters, as the contract has them.

/** A fault to `throw`: a code and numbers, never a text of yours. */
export function fault(code, where = {}) {
  // what is absent is `null`
  const { source = null, line = null, column = null, expected = null, found = null } = where;
  return { code, source, line, column, expected, found };
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
