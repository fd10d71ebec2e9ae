import { announce } from './announcements';
import { countersOf, sampleBetween, SAMPLES_KEPT, type Counters, type Sample } from './rates';
import type { Epoch, Overview, Pool, Settlement, Solvency } from './wire';

/** `connecting` until the first frame ever, `live` while frames arrive, `reconnecting` after that. */
export type LinkPhase = 'connecting' | 'live' | 'reconnecting';

export interface State {
  link: LinkPhase;
  /** When the next attempt is due, while reconnecting or still connecting after a failure. */
  retryAtMs: number | null;
  lastFrameAtMs: number | null;
  /** What to add to the browser's clock to get the silo's; "last heartbeat ago" would lie on a machine with a wrong clock. */
  clockOffsetMs: number;
  overview: Overview | null;
  /** Settlement of the newest settled epoch, read once by REST for the time in which frames carry none. */
  earlierSettlement: Settlement | null;
  solvency: Solvency | null;
  counters: Counters | null;
  samples: Sample[];
  /** Says why the page is empty when the first fill failed; cleared by the first frame. */
  problem: string | null;
  announcement: string;
}

export type Action =
  | { type: 'frame'; frame: Overview; atMs: number }
  | { type: 'first-fill'; pool: Pool | null; epochs: Epoch[]; problem: string | null }
  | { type: 'earlier-settlement'; settlement: Settlement }
  | { type: 'solvency'; solvency: Solvency | null }
  | { type: 'clock'; offsetMs: number }
  | { type: 'link-lost'; retryAtMs: number }
  | { type: 'link-trying' };

export const initialState: State = {
  link: 'connecting',
  retryAtMs: null,
  lastFrameAtMs: null,
  clockOffsetMs: 0,
  overview: null,
  earlierSettlement: null,
  solvency: null,
  counters: null,
  samples: [],
  problem: null,
  announcement: '',
};

/** The whole life of the page as a function of what happened; it reads no clock and touches no network. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'frame':
      return onFrame(state, action.frame, action.atMs);
    case 'first-fill':
      return onFirstFill(state, action.pool, action.epochs, action.problem);
    case 'earlier-settlement':
      return { ...state, earlierSettlement: action.settlement };
    case 'solvency':
      return { ...state, solvency: action.solvency };
    case 'clock':
      return { ...state, clockOffsetMs: action.offsetMs };
    case 'link-lost':
      return onLinkLost(state, action.retryAtMs);
    case 'link-trying':
      return { ...state, retryAtMs: null };
  }
}

function onFrame(state: State, frame: Overview, atMs: number): State {
  // The pool's figures and the epoch's are counted together; either may carry the counters in an early silo.
  const counters = countersOf(withCounters(frame), atMs);
  const sample = state.counters ? sampleBetween(state.counters, counters) : null;
  const tooSoon = state.counters !== null && sample === null;
  // The first fill knows no workers; compared with it, every worker would be news.
  const news = announce(hasFrame(state) ? state.overview : null, frame);
  if (state.link === 'reconnecting') news.unshift('Live again.');
  return {
    ...state,
    link: 'live',
    retryAtMs: null,
    lastFrameAtMs: atMs,
    overview: frame,
    counters: tooSoon ? state.counters : counters,
    samples: sample ? [...state.samples, sample].slice(-SAMPLES_KEPT) : state.samples,
    problem: null,
    announcement: news.length > 0 ? news.join(' ') : state.announcement,
  };
}

function withCounters(frame: Overview): Epoch | null {
  const current = frame.pool?.current_epoch;
  return current?.tasks != null ? current : (frame.epoch ?? current ?? null);
}

/** A frame is newer than any answer to a request sent before it, so the first fill never overwrites one. */
function onFirstFill(state: State, pool: Pool | null, epochs: Epoch[], problem: string | null): State {
  if (state.overview && state.lastFrameAtMs !== null) return state;
  if (!pool) return { ...state, problem };
  const number = pool.current_epoch?.number;
  const epoch = { ...epochs.find((each) => each.number === number), ...pool.current_epoch };
  return { ...state, problem, overview: { type: 'overview', pool, epoch: number == null ? null : epoch } };
}

function onLinkLost(state: State, retryAtMs: number): State {
  if (state.link === 'connecting') return { ...state, retryAtMs };
  const announcement = state.link === 'live' ? 'Connection lost. Reconnecting.' : state.announcement;
  return { ...state, link: 'reconnecting', retryAtMs, announcement };
}

/** Figures that came by REST alone hold no workers; the page must not read that as "there is no worker". */
export function hasFrame(state: State): boolean {
  return state.lastFrameAtMs !== null;
}
