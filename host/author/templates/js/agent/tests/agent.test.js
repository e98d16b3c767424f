// The agent without a host.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { act } from '../src/critic.js';

const LINT = ['lint', { tag: 'event', val: 1 }];
const proposed = (id) => ({
  id,
  author: 'modeler-linear',
  body: { tag: 'proposed', val: { body: { tag: 'analysis', val: {} } } },
});
const checked = (verdict) => ({
  id: 2,
  author: 'host',
  body: { tag: 'checked', val: { kind: LINT[0], target: LINT[1], verdict } },
});
// what the critic looks at, and nothing besides
const briefing = (...events) => ({
  card: { instance: 'critic' },
  events,
  tickets: [{ kind: 'critique', owner: 'critic', about: 1 }],
});

test('without the check it asks for it', () => {
  assert.deepEqual(act(briefing(proposed(1))), [{ tag: 'request-check', val: LINT }]);
});

test('it objects where the check blocks and endorses where it does not', () => {
  for (const verdict of ['pass', 'warn', 'block']) {
    const [action] = act(briefing(proposed(1), checked(verdict)));
    const blocked = verdict === 'block';
    assert.equal(action.tag, blocked ? 'object' : 'endorse');
    const critique = blocked ? action.val.critique : action.val;
    assert.deepEqual([critique.evidence, critique.item], [2, 'complexity']);
  }
});

test('it judges once', () => {
  const events = [proposed(1), checked('pass')];
  const [{ val }] = act(briefing(...events));
  assert.deepEqual(act(briefing(...events, { id: 3, author: 'critic', body: { tag: 'endorsed', val } })), []);
});

test('it says nothing of what is not on the board', () => {
  assert.deepEqual(act(briefing()), []);
  assert.deepEqual(act(briefing(proposed(7))), []);
});
