import type { Count, Maybe } from '../live/wire';
import { toCount } from '../live/wire';
import { Ton } from '../money/Ton';
import { Empty } from '../page/Empty';
import { Table } from '../page/Table';
import { formatCount } from '../page/text';
import { Fact } from './Fact';
import { useAnswer } from './useAnswer';

interface Usage {
  balance_nano?: Maybe<string>;
  reserved_nano?: Maybe<string>;
  data?: Maybe<{ model?: Maybe<string>; day?: Maybe<string>; requests?: Maybe<Count>; completion_tokens?: Maybe<Count>; charged_nano?: Maybe<string> }[]>;
}

export function ClientFigures() {
  const answer = useAnswer<Usage>('/api/v1/usage?limit=20');
  if (answer === null) return <Empty title="Looking up your usage…" />;
  if (!answer.ok) return <Empty title={answer.refusal.message} />;
  const days = answer.body.data ?? [];
  return (
    <>
      <dl class="facts">
        <Fact name="Balance">
        <Ton nano={answer.body.balance_nano} unit />
      </Fact>
        <Fact name="Held for running requests">
        <Ton nano={answer.body.reserved_nano} unit />
      </Fact>
      </dl>
      {days.length > 0 && (
        <Table
          caption="Usage by model and day"
          rows={days}
          rowKey={(row, index) => `${row.day}/${row.model}/${index}`}
          columns={[
            { header: 'Day', cell: (row) => row.day ?? '—' },
            { header: 'Model', cell: (row) => row.model ?? '—' },
            { header: 'Requests', numeric: true, cell: (row) => formatCount(toCount(row.requests)) },
            { header: 'Tokens out', numeric: true, cell: (row) => formatCount(toCount(row.completion_tokens)) },
            { header: 'Charged', numeric: true, cell: (row) => <Ton nano={row.charged_nano} aligned /> },
          ]}
        />
      )}
    </>
  );
}
