import type { Worker } from '../live/wire';
import { Badge } from '../page/Badge';
import { words } from '../page/text';
import { formatDuration, parseTime } from '../page/time';

/** The state, why it is so, and for how long. */
export function WorkerState({ worker, now }: { worker: Worker; now: number }) {
  const since = parseTime(worker.state_since);
  const details = [worker.state_cause && words(worker.state_cause), since !== null && `for ${formatDuration(now - since)}`].filter(Boolean);
  return (
    <span class="worker-state">
      <Badge state={worker.state ?? 'unknown'} />
      {details.length > 0 && <span class="second-line">{details.join(', ')}</span>}
    </span>
  );
}
