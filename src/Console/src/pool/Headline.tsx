import type { ComponentChildren } from 'preact';
import { toCount, type Epoch, type Pool, type Solvency } from '../live/wire';
import { Ton } from '../money/Ton';
import { formatCount } from '../page/text';
import { SolvencyFigure } from './SolvencyFigure';

interface Props {
  pool: Pool | null;
  epoch: Epoch | null;
  solvency: Solvency | null;
}

/** The figures one looks for first, as a description list: each term with its value and one line of context. */
export function Headline({ pool, epoch, solvency }: Props) {
  const requests = toCount(pool?.performance?.requests_24h);
  const errors = toCount(pool?.performance?.errors_24h);
  const p95 = pool?.performance?.p95_ms;
  return (
    <section aria-labelledby="headline-title">
      <h2 id="headline-title" class="visually-hidden">
        The pool at a glance
      </h2>
      <dl class="headline">
        <Figure term="Revenue this epoch" note={epoch?.number != null ? `epoch ${epoch.number}` : 'no epoch yet'} wide>
          <Ton nano={epoch?.revenue_nano ?? pool?.current_epoch?.revenue_nano} unit />
        </Figure>
        <SolvencyFigure solvency={solvency} />
        <Figure term="Participants" note={activeOf(pool?.participants?.active)}>
          {formatCount(toCount(pool?.participants?.total))}
        </Figure>
        <Figure term="Workers" note={activeOf(pool?.workers?.active)}>
          {formatCount(toCount(pool?.workers?.total))}
        </Figure>
        <Figure term="GPUs" note="in the pool">
          {formatCount(toCount(pool?.gpus))}
        </Figure>
        <Figure term="Requests, 24 h" note={requestNote(requests, errors, p95 ?? null)}>
          {formatCount(requests)}
        </Figure>
      </dl>
    </section>
  );
}

function Figure({ term, note, wide = false, children }: { term: string; note: string; wide?: boolean; children: ComponentChildren }) {
  return (
    <div class={wide ? 'figure figure-wide' : 'figure'}>
      <dt>{term}</dt>
      <dd class="figure-value">{children}</dd>
      <dd class="figure-note">{note}</dd>
    </div>
  );
}

function activeOf(active: string | number | null | undefined): string {
  const count = toCount(active);
  return count === null ? ' ' : `${formatCount(count)} active`;
}

function requestNote(requests: number | null, errors: number | null, p95: number | null): string {
  if (!requests) return 'none yet';
  const failed = errors ? `${formatCount(errors)} failed` : 'none failed';
  return p95 === null ? failed : `${failed} · p95\u00a0${formatCount(p95)}\u00a0ms`;
}
