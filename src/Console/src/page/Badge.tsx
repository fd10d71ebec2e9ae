import { words } from './text';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'idle';

/** Every state of the field's words and how it feels; an unknown state of a newer silo is shown calmly as it is. */
const TONES: Record<string, Tone> = {
  active: 'good',
  settled: 'good',
  done: 'good',
  open: 'good',
  attested: 'busy',
  registered: 'idle',
  finalized: 'busy',
  closing: 'busy',
  settling: 'busy',
  paying: 'busy',
  signed: 'busy',
  broadcast: 'busy',
  planned: 'idle',
  draining: 'warn',
  degraded: 'warn',
  maintenance: 'warn',
  paused: 'warn',
  frozen: 'warn',
  drained: 'idle',
  deactivated: 'idle',
  closed: 'idle',
  inactive: 'bad',
  quarantined: 'bad',
};

/** A state in its own word; the colour only repeats it. */
export function Badge({ state, tone }: { state: string; tone?: Tone }) {
  return <span class={`badge tone-${tone ?? TONES[state] ?? 'idle'}`}>{words(state)}</span>;
}
