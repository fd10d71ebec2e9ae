import { toCount, type Epoch, type Maybe } from './wire';

/** One point of the throughput charts. Null rates are gaps: the page does not know what happened there. */
export interface Sample {
  atMs: number;
  requestsPerSecond: number | null;
  tokensPerSecond: number | null;
}

/** The running counters of an epoch at one moment; rates are the differences between two of them. */
export interface Counters {
  atMs: number;
  epoch: number | null;
  tasks: number | null;
  tokens: number | null;
}

/** Three minutes of one frame a second: long enough to see a trend, short enough to stay live. */
export const SAMPLES_KEPT = 180;

/** Frames that were held up arrive together; a rate over the few milliseconds between them would be a spike of nothing. */
const SHORTEST_STEP_MS = 500;

/** A longer silence is drawn as a gap, because an average over it would hide that nothing was seen. */
const LONGEST_STEP_MS = 5_000;

export function countersOf(epoch: Maybe<Epoch>, atMs: number): Counters {
  return { atMs, epoch: epoch?.number ?? null, tasks: toCount(epoch?.tasks), tokens: toCount(epoch?.tokens) };
}

/** Null when the two moments are too close to say anything; the caller then waits for the next frame. */
export function sampleBetween(before: Counters, after: Counters): Sample | null {
  const elapsedMs = after.atMs - before.atMs;
  if (elapsedMs >= 0 && elapsedMs < SHORTEST_STEP_MS) return null;
  // Counters start again with each epoch, and late receipts may still go to the one before: no rate across the border.
  const comparable = before.epoch === after.epoch && elapsedMs > 0 && elapsedMs <= LONGEST_STEP_MS;
  const rate = (from: number | null, to: number | null) =>
    comparable && from !== null && to !== null && to >= from ? ((to - from) * 1000) / elapsedMs : null;
  return {
    atMs: after.atMs,
    requestsPerSecond: rate(before.tasks, after.tasks),
    tokensPerSecond: rate(before.tokens, after.tokens),
  };
}
