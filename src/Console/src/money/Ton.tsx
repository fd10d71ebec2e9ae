import type { Maybe } from '../live/wire';
import { formatTon, parseNano, tonDigits } from './nano';

interface Props {
  nano: Maybe<string> | bigint;
  /** Nine decimals with the filling zeros dimmed, for columns of amounts; otherwise the shortest exact form. */
  aligned?: boolean;
  unit?: boolean;
}

/** One exact amount in TON. A missing amount is a dash, never a zero. */
export function Ton({ nano, aligned = false, unit = false }: Props) {
  const amount = typeof nano === 'bigint' ? nano : parseNano(nano);
  if (amount === null) return <span class="missing">—</span>;
  const { negative, whole, significant, padding } = tonDigits(amount);
  const point = aligned || significant ? '.' : '';
  return (
    // Screen readers get the short form; "0.5 0 0 0 0 0 0 0 0" read aloud helps nobody.
    <span class="ton">
      <span class="visually-hidden">{formatTon(amount)} TON</span>
      <span aria-hidden="true">
        {negative && '−'}
        {whole}
        <span class="ton-fraction">
          {significant ? point + significant : ''}
          {aligned && <span class="ton-padding">{significant ? padding : point + padding}</span>}
        </span>
        {unit && <span class="unit"> TON</span>}
      </span>
    </span>
  );
}
