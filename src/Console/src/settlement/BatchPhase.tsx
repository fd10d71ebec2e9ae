import { words } from '../page/text';

const PHASES = ['planned', 'signed', 'broadcast', 'done'];

/** The four steps of a batch as four marks, filled up to where it stands, with the word beside them. */
export function BatchPhase({ phase }: { phase: string }) {
  const reached = PHASES.indexOf(phase);
  return (
    <span class={phase === 'done' ? 'steps steps-done' : 'steps'}>
      <span class="step-marks" aria-hidden="true">
        {PHASES.map((each, i) => (
          <span key={each} class={i <= reached ? 'step step-reached' : 'step'} />
        ))}
      </span>
      {words(phase)}
    </span>
  );
}
