import type { Epoch, Settlement } from '../live/wire';
import { parseNano } from '../money/nano';
import { Ton } from '../money/Ton';
import { Bar } from '../epoch/Bar';
import { Badge } from '../page/Badge';
import { Empty } from '../page/Empty';

/** Paid of planned, and anything that stands in the way. */
export function SettlementSummary({ settlement, epoch }: { settlement: Settlement | null; epoch: Epoch | null }) {
  return (
    <>
      <div class="panel-head">
        <h2 id="settlement-title">Last settlement{settlement?.epoch != null && `: epoch ${settlement.epoch}`}</h2>
        {settlement?.phase && <Badge state={settlement.phase} />}
        {settlement?.frozen && <Badge state="frozen" />}
      </div>
      {settlement ? (
        <>
          {settlement.trouble && (
            <p class="trouble">
              <strong>Held up:</strong> {settlement.trouble}
            </p>
          )}
          <div class="paid">
            <p>
              <span class="paid-amount">
                <Ton nano={settlement.paid_nano} />
              </span>{' '}
              <span class="quiet">
                paid of <Ton nano={settlement.total_nano} unit />
              </span>
            </p>
            <Bar part={paidPart(settlement)} label="Part of the settlement that is paid" />
          </div>
        </>
      ) : (
        <Empty title="Nothing has been settled yet">
          <p>
            {epoch?.number != null ? `Epoch ${epoch.number}` : 'The first epoch'} is paid out after it closes. An operator can close it early with{' '}
            <code>cocoon-admin epoch finalize</code>.
          </p>
        </Empty>
      )}
    </>
  );
}

/** Divided as integers; only the length of the bar becomes a double. */
function paidPart(settlement: Settlement): number {
  const total = parseNano(settlement.total_nano);
  const paid = parseNano(settlement.paid_nano);
  return total && paid ? Math.min(1, Number((paid * 1000n) / total) / 1000) : 0;
}
