import type { State } from '../live/state';
import { formatDuration } from './time';

/** Says that the figures stand still, how old they are, and when the next attempt is. */
export function LinkBanner({ state, now, onRetry }: { state: State; now: number; onRetry: () => void }) {
  const neverLive = state.link === 'connecting' && state.retryAtMs !== null;
  if (state.link !== 'reconnecting' && !neverLive) return null;
  const age = state.lastFrameAtMs === null ? null : formatDuration(now - state.lastFrameAtMs);
  const wait = state.retryAtMs === null ? 'Trying now…' : `Next attempt in ${formatDuration(state.retryAtMs - now + 999)}.`;
  return (
    <div class="banner">
      <p>
        <strong>Reconnecting to the silo.</strong> {age && `These figures are ${age} old. `}
        {wait}
      </p>
      <button type="button" class="button" onClick={onRetry} disabled={state.retryAtMs === null}>
        Try now
      </button>
    </div>
  );
}
