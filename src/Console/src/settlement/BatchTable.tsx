import type { Batch, Maybe } from '../live/wire';
import { Ton } from '../money/Ton';
import { Copyable } from '../page/Copyable';
import { Empty } from '../page/Empty';
import { Table, type Column } from '../page/Table';
import { BatchPhase } from './BatchPhase';

const columns: Column<Batch>[] = [
  { header: 'Batch', cell: (batch) => `#${batch.index ?? '?'}` },
  { header: 'Phase', cell: (batch) => <BatchPhase phase={batch.phase ?? 'planned'} /> },
  { header: 'Payouts', numeric: true, cell: (batch) => batch.payouts ?? '—' },
  { header: 'Amount, TON', numeric: true, cell: (batch) => <Ton nano={batch.total_nano} aligned /> },
  { header: 'Network fee, TON', numeric: true, cell: (batch) => <Ton nano={batch.network_fee_nano} aligned /> },
  { header: 'List hash', numeric: true, cell: (batch) => <Hash what="list hash" value={batch.list_hash} /> },
  { header: 'Transaction', numeric: true, cell: (batch) => <Hash what="transaction" value={batch.transaction} /> },
];

export function BatchTable({ batches }: { batches: Batch[] }) {
  return (
    <div>
      <h3>Batches</h3>
      {batches.length === 0 ? (
        <Empty title="No batch: every share stayed under its participant's minimum payout, or nobody was eligible." />
      ) : (
        <Table caption="Batches of the settlement" columns={columns} rows={batches} rowKey={(batch, i) => batch.index ?? i} />
      )}
    </div>
  );
}

function Hash({ what, value }: { what: string; value: Maybe<string> }) {
  return value ? <Copyable what={what} value={value} /> : <span class="missing">—</span>;
}
