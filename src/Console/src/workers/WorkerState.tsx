import type { Worker } from '../live/wire';
import { Badge } from '../page/Badge';
import { formatDuration, parseTime } from '../page/time';

/** The state, and for how long. */
export function WorkerState({ worker, now }: { worker: Worker; now: number }) {
  const since = parseTime(worker.state_since);
  return (
    <span class="worker-state">
      <Badge state={worker.state ?? 'unknown'} />
      {since !== null && <span class="second-line">for {formatDuration(now - since)}</span>}
    </span>
  );
}
