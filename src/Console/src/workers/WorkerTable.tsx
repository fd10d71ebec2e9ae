import { useState } from 'preact/hooks';
import type { Worker } from '../live/wire';
import { Address } from '../page/Address';
import { Empty } from '../page/Empty';
import { Table, type Column } from '../page/Table';
import { formatAgo, parseTime } from '../page/time';
import { byAttention, matches } from './order';
import { WorkerName } from './WorkerName';
import { WorkerState } from './WorkerState';

interface Props {
  workers: Worker[];
  /** No frame has arrived yet, so an empty list means "not known" rather than "none". */
  waiting: boolean;
  now: number;
}

/** Drawing thousands of rows every second would cost the phone its battery; the filter finds the others. */
const ROWS = 50;

/** A filter for three workers is clutter. */
const FILTER_FROM = 8;

export function WorkerTable({ workers, waiting, now }: Props) {
  const [filter, setFilter] = useState('');
  const [limit, setLimit] = useState(ROWS);
  const found = byAttention(workers.filter((worker) => matches(worker, filter)));

  const columns: Column<Worker>[] = [
    { header: 'Worker', cell: (worker) => <WorkerName worker={worker} /> },
    { header: 'State', cell: (worker) => <WorkerState worker={worker} now={now} /> },
    { header: 'Model', cell: (worker) => <Models worker={worker} /> },
    { header: 'Tasks', numeric: true, cell: (worker) => <Tasks worker={worker} /> },
    { header: 'Heartbeat', numeric: true, cell: (worker) => formatAgo(parseTime(worker.last_heartbeat_at), now) },
    { header: 'Participant', numeric: true, cell: (worker) => <Address of={worker.participant_address} /> },
  ];

  return (
    <section class="panel" aria-labelledby="workers-title">
      <div class="panel-head">
        <h2 id="workers-title">Workers</h2>
        {workers.length >= FILTER_FROM && (
          <label class="filter">
            <span class="visually-hidden">Filter workers by id, state, model, GPU or participant</span>
            <input type="search" placeholder="Filter" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
          </label>
        )}
      </div>
      {workers.length === 0 && (waiting ? <Empty title="Waiting for the first live figures…" /> : <NoWorker />)}
      {workers.length > 0 && found.length === 0 && <Empty title={`No worker matches “${filter.trim()}”.`} />}
      {found.length > 0 && <Table caption="Workers of the pool" columns={columns} rows={found.slice(0, limit)} rowKey={(worker) => worker.id} />}
      {found.length > limit && (
        <button type="button" class="button more" onClick={() => setLimit(limit + ROWS)}>
          Show {Math.min(ROWS, found.length - limit)} more of {found.length}
        </button>
      )}
    </section>
  );
}

function Models({ worker }: { worker: Worker }) {
  const names = (worker.models ?? []).flatMap((model) => model.name ?? []);
  return names.length === 0 ? <span class="missing">—</span> : <span class="models">{names.join(', ')}</span>;
}

/** Running tasks and, where the worker declared it, how many it takes at once. */
function Tasks({ worker }: { worker: Worker }) {
  const slots = (worker.models ?? []).reduce((sum, model) => sum + (model.max_concurrency ?? 0), 0);
  return (
    <>
      {worker.running_tasks ?? 0}
      {slots > 0 && <span class="quiet"> / {slots}</span>}
    </>
  );
}

function NoWorker() {
  return (
    <Empty title="No worker yet">
      <p>
        Run <code>cocoon-worker init</code> on a machine with a GPU, then <code>cocoon-worker check</code> and <code>cocoon-worker run</code>. It
        appears here as soon as it registers.
      </p>
    </Empty>
  );
}
