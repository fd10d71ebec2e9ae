import type { Worker } from '../live/wire';

/** What needs someone's attention first; a state this page does not know yet stands before those that are at rest. */
const ORDER = ['quarantined', 'inactive', 'degraded', 'draining', 'active', 'attested', 'registered', '?', 'drained', 'deactivated'];

export function byAttention(workers: readonly Worker[]): Worker[] {
  const rank = (worker: Worker) => {
    const index = ORDER.indexOf(worker.state ?? '?');
    return index < 0 ? ORDER.indexOf('?') : index;
  };
  return [...workers].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** Whether any of what a row shows contains the text someone typed. */
export function matches(worker: Worker, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  const shown = [worker.id, worker.state, worker.participant_address, worker.hardware?.gpu_model, ...(worker.models ?? []).map((m) => m.name)];
  return wanted === '' || shown.some((each) => each?.toLowerCase().includes(wanted));
}
