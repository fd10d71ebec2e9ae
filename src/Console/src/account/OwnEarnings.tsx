import type { Maybe } from '../live/wire';
import { Ton } from '../money/Ton';
import { Empty } from '../page/Empty';
import { Fact } from './Fact';
import { useAnswer } from './useAnswer';

interface Earnings {
  epoch?: Maybe<number>;
  earned_so_far_nano?: Maybe<string>;
  rewards_balance_nano?: Maybe<string>;
  in_flight_nano?: Maybe<string>;
  paid_total_nano?: Maybe<string>;
}

export function OwnEarnings({ address }: { address: string }) {
  const answer = useAnswer<Earnings>(`/api/v1/participants/${encodeURIComponent(address)}/earnings`);
  if (answer === null) return <Empty title="Looking up your earnings…" />;
  if (!answer.ok) return <Empty title={answer.refusal.message} />;
  const { epoch, earned_so_far_nano, rewards_balance_nano, in_flight_nano, paid_total_nano } = answer.body;
  return (
    <dl class="facts">
      <Fact name={`Earned so far${epoch === null || epoch === undefined ? '' : ` in epoch ${epoch}`}, an estimate`}>
        <Ton nano={earned_so_far_nano} unit />
      </Fact>
      <Fact name="To be paid">
        <Ton nano={rewards_balance_nano} unit />
      </Fact>
      <Fact name="On its way">
        <Ton nano={in_flight_nano} unit />
      </Fact>
      <Fact name="Paid in all">
        <Ton nano={paid_total_nano} unit />
      </Fact>
    </dl>
  );
}
