import { shortId, words } from '../page/text';
import type { Maybe, Overview, Worker } from './wire';

/**
 * What a screen reader is told when a frame arrives: changes of state only. Figures move every second and would drown it.
 */
export function announce(before: Overview | null, after: Overview): string[] {
  if (!before) return [];
  return [
    ...change('Pool', before.pool?.state, after.pool?.state),
    ...epochChange(before, after),
    ...settlementChange(before, after),
    ...workerChanges(before.workers ?? [], after.workers ?? []),
  ];
}

function change(what: string, from: Maybe<string>, to: Maybe<string>): string[] {
  return to && from && from !== to ? [`${what} is now ${words(to)}.`] : [];
}

function epochChange(before: Overview, after: Overview): string[] {
  const from = before.epoch;
  const to = after.epoch;
  if (to?.number == null) return [];
  if (from?.number !== to.number) return [`Epoch ${to.number} is ${words(to.phase ?? 'open')}.`];
  return change(`Epoch ${to.number}`, from?.phase, to.phase);
}

function settlementChange(before: Overview, after: Overview): string[] {
  const from = before.settlement;
  const to = after.settlement;
  if (to?.epoch == null || !to.phase) return [];
  const what = `Settlement of epoch ${to.epoch}`;
  if (from?.epoch !== to.epoch) return [`${what} is ${words(to.phase)}.`];
  return [...change(what, from?.phase, to.phase), ...(to.frozen && !from?.frozen ? [`${what} is frozen.`] : [])];
}

/** More than this many at once is one event, such as a silo restart, and is said as one sentence. */
const NAMED_WORKERS = 3;

function workerChanges(before: Worker[], after: Worker[]): string[] {
  const known = new Map(before.map((worker) => [worker.id, worker.state]));
  const changed = after.filter((worker) => worker.state && known.get(worker.id) !== worker.state);
  if (changed.length > NAMED_WORKERS) return [`${changed.length} workers changed state.`];
  return changed.map((worker) => `Worker ${shortId(worker.id)} is now ${words(worker.state ?? '')}.`);
}
