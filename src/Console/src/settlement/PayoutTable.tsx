import type { Payout } from '../live/wire';
import { sumNano } from '../money/nano';
import { Ton } from '../money/Ton';
import { Address } from '../page/Address';
import { Copyable } from '../page/Copyable';
import { Empty } from '../page/Empty';
import { Table, type Column } from '../page/Table';

const columns: Column<Payout>[] = [
  { header: 'Participant', cell: (payout) => <Address of={payout.participant} /> },
  { header: 'Amount, TON', numeric: true, cell: (payout) => <Ton nano={payout.amount_nano} aligned /> },
  {
    header: 'Transaction',
    numeric: true,
    cell: (payout) => (payout.transaction ? <Copyable what="transaction" value={payout.transaction} /> : <span class="quiet">not yet</span>),
  },
];

export function PayoutTable({ payouts }: { payouts: Payout[] }) {
  return (
    <div class="payouts">
      <h3>Payouts</h3>
      {payouts.length === 0 ? (
        <Empty title="No payout in this settlement yet" />
      ) : (
        <Table
          caption="Payouts per participant"
          columns={columns}
          rows={payouts}
          rowKey={(payout, i) => `${payout.participant} ${i}`}
          total={['Total', <Ton nano={sumNano(payouts.map((payout) => payout.amount_nano))} aligned />, '']}
        />
      )}
    </div>
  );
}
