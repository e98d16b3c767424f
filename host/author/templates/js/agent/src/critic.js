// A critic: judges proposals by what the host computes about them, and by nothing else.
//
// For every critique that it owes it asks for the host's `lint` of the proposal (does it keep to the
// protocol, its columns, the declared ranges?) and waits. With the check on the board it objects
// where the check blocks and endorses where it does not; either cites the check, because a critique
// without evidence is refused.
//
// An agent is a pure function: no clock, no randomness but its seed, no memory but the board. The
// same briefing gives the same actions.

const ITEMS = { protocol: 'validation-design', features: 'features', analysis: 'complexity' };

export function act(briefing) {
  const me = briefing.card.instance;
  return briefing.tickets
    .filter(({ kind, owner }) => kind === 'critique' && owner === me)
    .map(({ about }) => judge(briefing, about))
    .filter((action) => action !== undefined);
}

// the next thing to do about a proposal; nothing where it is judged already
function judge({ card, events }, target) {
  let proposal, check;
  for (const { id, author, body: { tag, val } } of events) {
    const mine = author === card.instance;
    if (tag === 'proposed' && id === target) proposal = val;
    if (tag === 'checked' && isLintOf(val, target)) check = { id, verdict: val.verdict };
    if (mine && tag === 'endorsed' && val.target === target) return undefined;
    if (mine && tag === 'objected' && val.critique.target === target) return undefined;
  }
  if (proposal === undefined) return undefined;
  if (check === undefined) return { tag: 'request-check', val: ['lint', { tag: 'event', val: target }] };
  const critique = (remark) => ({ target, item: ITEMS[proposal.body.tag], evidence: check.id, remark });
  if (check.verdict === 'block') {
    const said = critique('It does not keep to the protocol or to declared ranges.');
    return { tag: 'object', val: { critique: said, dropColumns: [], exclude: [] } };
  }
  const warned = check.verdict === 'warn';
  const remark = warned ? 'The check warns, but does not block.' : 'The check finds nothing wrong.';
  return { tag: 'endorse', val: critique(remark) };
}

const isLintOf = ({ kind, target }, event) =>
  kind === 'lint' && target.tag === 'event' && target.val === event;
