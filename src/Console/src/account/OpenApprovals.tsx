import type { Maybe } from '../live/wire';
import { Badge } from '../page/Badge';
import { Empty } from '../page/Empty';
import { Table } from '../page/Table';
import { words } from '../page/text';
import { useAnswer } from './useAnswer';

interface Approval {
  id: string;
  kind: string;
  state: string;
  proposed_by: string;
  reason: string;
  execute_at?: Maybe<string>;
}

/** Operations that wait for a second person or for their time: what may move money is what an operator wants to see first. */
export function OpenApprovals() {
  const answer = useAnswer<{ data: Approval[] }>('/api/v1/approvals?limit=100');
  if (answer === null) return <Empty title="Looking up what waits…" />;
  if (!answer.ok) return answer.refusal.status === 403 ? null : <Empty title={answer.refusal.message} />;
  const open = answer.body.data.filter((each) => each.state === 'proposed' || each.state === 'approved');
  if (open.length === 0)
    return (
      <Empty title="Nothing waits for a second person">
        <p>
          What two people have to want is proposed and approved with <code>cocoon-admin approval</code>.
        </p>
      </Empty>
    );
  return (
    <Table
      caption="Operations that wait for a second person or for their time"
      rows={open}
      rowKey={(row) => row.id}
      columns={[
        { header: 'Operation', cell: (row) => words(row.kind) },
        { header: 'State', cell: (row) => <Badge state={row.state} tone={row.state === 'approved' ? 'busy' : 'warn'} /> },
        { header: 'Proposed by', cell: (row) => row.proposed_by },
        { header: 'Due', cell: (row) => row.execute_at ?? '—' },
        { header: 'Reason', cell: (row) => row.reason },
      ]}
    />
  );
}
