import { toCount, type Solvency } from '../live/wire';
import { formatPpm, parseNano } from '../money/nano';
import { Ton } from '../money/Ton';
import { Badge } from '../page/Badge';

/** The public promise: chain assets and what is in flight cover everything the pool owes. */
export function SolvencyFigure({ solvency }: { solvency: Solvency | null }) {
  const ratio = toCount(solvency?.ratio_ppm);
  const owesNothing = parseNano(solvency?.liabilities_nano) === 0n;
  return (
    <div class="figure figure-wide">
      <dt>Solvency</dt>
      <dd class="figure-value">
        {solvency?.solvent == null ? (
          <span class="missing">—</span>
        ) : (
          <>
            {/* A ratio to nothing owed is no number worth showing. */}
            {ratio !== null && !owesNothing && <span class="solvency-ratio">{formatPpm(BigInt(Math.trunc(ratio)))}</span>}
            <Badge state={solvency.solvent ? 'solvent' : 'not covered'} tone={solvency.solvent ? 'good' : 'bad'} />
          </>
        )}
      </dd>
      <dd class="figure-note">
        {solvency === null ? (
          'not computed yet'
        ) : (
          <>
            assets <Ton nano={solvency.assets_nano} /> · owed <Ton nano={solvency.liabilities_nano} /> TON
          </>
        )}
      </dd>
    </div>
  );
}
