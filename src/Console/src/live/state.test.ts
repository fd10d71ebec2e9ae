import { describe, expect, it } from 'vitest';
import { SAMPLES_KEPT } from './rates';
import { hasFrame, initialState, reduce, type Action, type State } from './state';
import { parseFrame, type Overview } from './wire';

const frame = (over: Partial<Overview> = {}): Overview => ({ type: 'overview', ...over });

const counting = (number: number, tasks: number | null, tokens: number | string | null): Overview =>
  frame({ pool: { current_epoch: { number, tasks, tokens } } });

const run = (actions: Action[], from: State = initialState) => actions.reduce(reduce, from);

describe('parseFrame', () => {
  it('reads an overview', () => expect(parseFrame('{"type":"overview","pool":null}')).toEqual({ type: 'overview', pool: null }));

  it.each([['{"type":"snapshot"}'], ['not json'], ['null'], ['[]'], ['7'], [undefined]])('ignores %s', (text) => {
    expect(parseFrame(text)).toBeNull();
  });
});

describe('frames', () => {
  it('makes the page live', () => {
    const state = run([{ type: 'frame', frame: frame(), atMs: 1_000 }]);
    expect(state.link).toBe('live');
    expect(hasFrame(state)).toBe(true);
  });

  it('survives an empty pool', () => {
    const empty = frame({ pool: null, workers: null, epoch: null, settlement: null, payouts: null });
    const state = run([{ type: 'frame', frame: empty, atMs: 0 }, { type: 'frame', frame: empty, atMs: 1_000 }]);
    expect(state.samples).toEqual([{ atMs: 1_000, requestsPerSecond: null, tokensPerSecond: null }]);
  });

  it('derives rates from two frames and the time between them', () => {
    const state = run([
      { type: 'frame', frame: counting(1, 10, '1000'), atMs: 1_000 },
      { type: 'frame', frame: counting(1, 13, '1600'), atMs: 3_000 },
    ]);
    expect(state.samples).toEqual([{ atMs: 3_000, requestsPerSecond: 1.5, tokensPerSecond: 300 }]);
  });

  it('takes the counters from the epoch when the pool figures have none', () => {
    const state = run([
      { type: 'frame', frame: frame({ epoch: { number: 1, tasks: 1, tokens: 5 } }), atMs: 0 },
      { type: 'frame', frame: frame({ epoch: { number: 1, tasks: 2, tokens: 9 } }), atMs: 1_000 },
    ]);
    expect(state.samples[0]).toMatchObject({ requestsPerSecond: 1, tokensPerSecond: 4 });
  });

  it.each([
    ['across the border of an epoch', counting(2, 5, 5), 2_000],
    ['when a counter went back', counting(1, 9, 900), 2_000],
    ['after a long silence', counting(1, 99, 9_000), 60_000],
    ['when the clock was set back', counting(1, 99, 9_000), 400],
  ])('draws a gap %s', (_, second, atMs) => {
    const state = run([
      { type: 'frame', frame: counting(1, 10, 1_000), atMs: 1_000 },
      { type: 'frame', frame: second, atMs },
    ]);
    expect(state.samples[0]).toMatchObject({ requestsPerSecond: null, tokensPerSecond: null });
  });

  it('measures frames that arrive together as one step', () => {
    const state = run([
      { type: 'frame', frame: counting(1, 10, 0), atMs: 1_000 },
      { type: 'frame', frame: counting(1, 20, 0), atMs: 1_005 },
      { type: 'frame', frame: counting(1, 30, 0), atMs: 3_000 },
    ]);
    expect(state.samples).toEqual([{ atMs: 3_000, requestsPerSecond: 10, tokensPerSecond: 0 }]);
  });

  it('keeps a bounded number of samples', () => {
    const frames = Array.from({ length: SAMPLES_KEPT + 50 }, (_, i): Action => ({ type: 'frame', frame: counting(1, i, i), atMs: i * 1_000 }));
    expect(run(frames).samples).toHaveLength(SAMPLES_KEPT);
  });
});

describe('first fill', () => {
  const fill: Action = {
    type: 'first-fill',
    pool: { name: 'Demo', current_epoch: { number: 4, tasks: 2 } },
    epochs: [{ number: 4, phase: 'open', end: '2026-11-23T00:00:00Z' }],
    problem: null,
  };

  it('shows the pool before the first frame', () => {
    const state = run([fill]);
    expect(state.overview?.pool?.name).toBe('Demo');
    expect(state.overview?.epoch).toMatchObject({ number: 4, phase: 'open', tasks: 2 });
    expect(state.link).toBe('connecting');
    expect(hasFrame(state)).toBe(false);
  });

  it('never overwrites a frame', () => {
    const state = run([{ type: 'frame', frame: frame({ pool: { name: 'Newer' } }), atMs: 1 }, fill]);
    expect(state.overview?.pool?.name).toBe('Newer');
  });

  it('says why there is nothing to show, until a frame arrives', () => {
    const failed = run([{ type: 'first-fill', pool: null, epochs: [], problem: 'no answer' }]);
    expect(failed.problem).toBe('no answer');
    expect(reduce(failed, { type: 'frame', frame: frame(), atMs: 1 }).problem).toBeNull();
  });
});

describe('link', () => {
  const live = run([{ type: 'frame', frame: counting(1, 1, 1), atMs: 1_000 }]);

  it('keeps the last figures while it reconnects', () => {
    const state = reduce(live, { type: 'link-lost', retryAtMs: 5_000 });
    expect(state).toMatchObject({ link: 'reconnecting', retryAtMs: 5_000 });
    expect(state.overview).toBe(live.overview);
  });

  it('announces the loss once and the return', () => {
    const lost = reduce(live, { type: 'link-lost', retryAtMs: 5_000 });
    expect(lost.announcement).toBe('Connection lost. Reconnecting.');
    const again = run([{ type: 'link-trying' }, { type: 'link-lost', retryAtMs: 9_000 }], { ...lost, announcement: 'kept' });
    expect(again.announcement).toBe('kept');
    expect(reduce(again, { type: 'frame', frame: frame(), atMs: 9_500 }).announcement).toBe('Live again.');
  });

  it('stays "connecting" when it never was live', () => {
    expect(reduce(initialState, { type: 'link-lost', retryAtMs: 2_000 }).link).toBe('connecting');
  });
});

describe('announcements', () => {
  const after = (second: Overview, first: Overview) =>
    run([{ type: 'frame', frame: first, atMs: 0 }, { type: 'frame', frame: second, atMs: 1_000 }]).announcement;

  it('is silent on the first frame and when only figures move', () => {
    expect(after(counting(1, 5, 50), counting(1, 4, 40))).toBe('');
  });

  it('does not take what the first fill left out for news', () => {
    const state = run([
      { type: 'first-fill', pool: { name: 'Demo', current_epoch: { number: 1 } }, epochs: [], problem: null },
      { type: 'frame', frame: frame({ workers: [{ id: 'w1', state: 'active' }], settlement: { epoch: 0, phase: 'paying' } }), atMs: 0 },
    ]);
    expect(state.announcement).toBe('');
  });

  it('names a worker that changed state', () => {
    const first = frame({ workers: [{ id: 'w1', state: 'active' }] });
    const second = frame({ workers: [{ id: 'w1', state: 'inactive' }] });
    expect(after(second, first)).toBe('Worker w1 is now inactive.');
  });

  it('sums up many workers at once', () => {
    const all = (state: string) => frame({ workers: ['a', 'b', 'c', 'd'].map((id) => ({ id, state })) });
    expect(after(all('inactive'), all('active'))).toBe('4 workers changed state.');
  });

  it('tells epoch, settlement and pool changes', () => {
    const first = frame({ pool: { state: 'active' }, epoch: { number: 3, phase: 'closing' }, settlement: { epoch: 2, phase: 'settled' } });
    const second = frame({ pool: { state: 'paused' }, epoch: { number: 4, phase: 'open' }, settlement: { epoch: 3, phase: 'paying', frozen: true } });
    expect(after(second, first)).toBe('Pool is now paused. Epoch 4 is open. Settlement of epoch 3 is paying.');
  });
});
