import { toCount, type Count, type Epoch, type Maybe, type Tally } from '../live/wire';
import { estimateTon, formatPpm } from '../money/nano';
import { Address } from '../page/Address';
import { Empty } from '../page/Empty';
import { Table, type Column } from '../page/Table';
import { formatCount } from '../page/text';
import { Bar } from './Bar';
import { estimateShares, type Share } from './estimate';

interface Row {
  tally: Tally;
  share: Share;
}

/** What each participant contributed to the running epoch; each bar is their part of the pool's total. */
export function Tallies({ epoch, feeBps, waiting }: { epoch: Epoch | null; feeBps: number; waiting: boolean }) {
  const tallies = epoch?.tallies ?? [];
  const shares = estimateShares(tallies, epoch?.revenue_nano, feeBps);
  const rows = tallies.map((tally, i): Row => ({ tally, share: shares[i] ?? { ppm: 0n, nano: null } })).sort(byShare);

  const measure = (header: string, of: (tally: Tally) => Maybe<Count>): Column<Row> => {
    const sum = tallies.reduce((total, tally) => total + (toCount(of(tally)) ?? 0), 0);
    return {
      header,
      numeric: true,
      cell: ({ tally }) => {
        const count = toCount(of(tally));
        return (
          <span class="measure">
            {formatCount(count)}
            <Bar part={sum > 0 ? (count ?? 0) / sum : 0} />
          </span>
        );
      },
    };
  };

  const columns: Column<Row>[] = [
    { header: 'Participant', cell: ({ tally }) => <Address of={tally.participant} /> },
    measure('Tokens', (tally) => tally.tokens ?? tally.adjusted_tokens),
    measure('GPU-seconds', (tally) => tally.gpu_seconds),
    measure('Tasks', (tally) => tally.tasks),
    {
      header: 'Estimated share',
      numeric: true,
      cell: ({ share }) => (
        <span class="measure measure-share">
          <span>
            {formatPpm(share.ppm)}
            {share.nano !== null && <span class="share-amount">{estimateTon(share.nano)} TON</span>}
          </span>
          <Bar part={Number(share.ppm) / 1_000_000} />
        </span>
      ),
    },
  ];

  return (
    <section class="panel" aria-labelledby="tallies-title">
      <div class="panel-head">
        <h2 id="tallies-title">Contributions{epoch?.number != null && ` to epoch ${epoch.number}`}</h2>
      </div>
      {tallies.length === 0 ? (
        waiting ? (
          <Empty title="Waiting for the first live figures…" />
        ) : (
          <Empty title="No contribution in this epoch yet">
            <p>
              It grows with the first task: point an OpenAI client at <code>/v1</code> of this silo with a client key and send a chat request.
            </p>
          </Empty>
        )
      ) : (
        <>
          <Table caption="Contributions per participant" columns={columns} rows={rows} rowKey={({ tally }) => tally.participant} />
          <p class="footnote">
            The share is an estimate from tokens, GPU-seconds and tasks. Quality, tenure and the uptime rule are applied when the epoch closes.
          </p>
        </>
      )}
    </section>
  );
}

function byShare(a: Row, b: Row): number {
  if (a.share.ppm !== b.share.ppm) return a.share.ppm > b.share.ppm ? -1 : 1;
  return a.tally.participant < b.tally.participant ? -1 : 1;
}
