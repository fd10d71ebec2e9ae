import { parseNano } from '../money/nano';
import type { Count, Maybe, Tally } from '../live/wire';

/**
 * A rough share of the running epoch for each participant, from what the page can see: tokens, GPU-seconds and tasks with
 * the default score weights 5000 / 2000 / 2000. Quality, multiplier and the uptime rule are not public while the epoch is
 * open; quality's weight is spread over the others in proportion, as the score does with any missing dimension. The silo's
 * own `estimated_share_nano` is preferred wherever it is sent. Integers throughout: even an estimate of money is not a double.
 */
const WEIGHTS = { tokens: 5000n, uptime: 2000n, tasks: 2000n };
const PPM = 1_000_000n;
const BPS = 10_000n;

export interface Share {
  /** Rounded down. */
  ppm: bigint;
  /** Rounded down; null while the revenue is unknown. */
  nano: bigint | null;
}

export function estimateShares(tallies: readonly Tally[], revenueNano: unknown, feeBps: number): Share[] {
  const revenue = parseNano(revenueNano);
  const distributable = revenue === null ? null : revenue - (revenue * BigInt(feeBps)) / BPS;
  const rows = tallies.map((tally) => ({
    tokens: whole(tally.adjusted_tokens ?? tally.tokens),
    uptime: whole(tally.gpu_milliseconds ?? tally.gpu_seconds),
    tasks: whole(tally.tasks),
  }));
  const sums = { tokens: 0n, uptime: 0n, tasks: 0n };
  for (const row of rows) for (const key of keys) sums[key] += row[key];

  // Every term over the common denominator, so that nothing is rounded before the end.
  const present = keys.filter((key) => sums[key] > 0n);
  const denominator = present.reduce((product, key) => product * sums[key], 1n);
  const totalWeight = present.reduce((sum, key) => sum + WEIGHTS[key], 0n) * denominator;

  return rows.map((row, i) => {
    const weight = present.reduce((sum, key) => sum + (WEIGHTS[key] * row[key] * denominator) / sums[key], 0n);
    const ppm = totalWeight > 0n ? (weight * PPM) / totalWeight : 0n;
    const computed = distributable !== null && totalWeight > 0n ? (weight * distributable) / totalWeight : null;
    return { ppm, nano: parseNano(tallies[i]?.estimated_share_nano) ?? computed };
  });
}

const keys = ['tokens', 'uptime', 'tasks'] as const;

/** Counts are integers; a fraction of a GPU-second is cut off, and what is unreadable counts nothing. */
function whole(count: Maybe<Count>): bigint {
  const digits = /^\d+/.exec(String(count ?? ''));
  return digits ? BigInt(digits[0]) : 0n;
}
