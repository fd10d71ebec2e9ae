import { toCount, type Epoch } from '../live/wire';
import { Badge } from '../page/Badge';
import { Empty } from '../page/Empty';
import { formatCount } from '../page/text';
import { formatDuration, formatUtc, parseTime } from '../page/time';
import { Bar } from './Bar';

/** The running epoch: how far it is, when it closes and what it has counted. */
export function EpochCard({ epoch, now }: { epoch: Epoch | null; now: number }) {
  const start = parseTime(epoch?.start);
  const end = parseTime(epoch?.end);
  const known = start !== null && end !== null && end > start;
  const part = known ? Math.min(1, Math.max(0, (now - start) / (end - start))) : 0;
  return (
    <section class="panel epoch-card" aria-labelledby="epoch-title">
      <div class="panel-head">
        <h2 id="epoch-title">{epoch?.number != null ? `Epoch ${epoch.number}` : 'Epoch'}</h2>
        {epoch?.phase && <Badge state={epoch.phase} />}
      </div>
      {epoch?.number == null ? (
        <Empty title="No epoch is open yet">
          <p>The first one opens with the pool. An operator can look with <code>cocoon-admin epoch list</code>.</p>
        </Empty>
      ) : (
        <>
          {known && (
            <div class="countdown">
              <p class="countdown-left">{remaining(epoch.phase, end - now)}</p>
              <Bar part={part} label="Time of the epoch that has passed" />
              <p class="countdown-ends">
                <time dateTime={epoch.start ?? undefined}>{formatUtc(start)}</time>
                <time dateTime={epoch.end ?? undefined}>{formatUtc(end)}</time>
              </p>
            </div>
          )}
          <dl class="facts">
            <Fact term="Tasks" count={toCount(epoch.tasks) ?? total(epoch, 'tasks')} />
            <Fact term="Tokens" count={toCount(epoch.tokens) ?? total(epoch, 'tokens')} />
            <Fact term="GPU-seconds" count={toCount(epoch.gpu_seconds) ?? total(epoch, 'gpu_seconds')} />
          </dl>
        </>
      )}
    </section>
  );
}

function remaining(phase: string | null | undefined, leftMs: number) {
  if (phase && phase !== 'open') return <span class="quiet">No longer counting</span>;
  if (leftMs <= 0) return <span class="quiet">Closing is due</span>;
  return (
    <>
      <span class="countdown-time">{formatDuration(leftMs)}</span> <span class="quiet">until it closes</span>
    </>
  );
}

/** An early silo sends tallies without totals; adding them up here shows the same thing. */
function total(epoch: Epoch, key: 'tasks' | 'tokens' | 'gpu_seconds'): number | null {
  return epoch.tallies ? epoch.tallies.reduce((sum, tally) => sum + (toCount(tally[key]) ?? 0), 0) : null;
}

function Fact({ term, count }: { term: string; count: number | null }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{formatCount(count)}</dd>
    </div>
  );
}
