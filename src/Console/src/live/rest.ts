import type { Action } from './state';
import type { Epoch, Pool, Settlement, Solvency } from './wire';

/** Solvency is recomputed every minute by the silo; asking twice as often shows a change without delay. */
export const SOLVENCY_EVERY_MS = 30_000;

/** Draws the page before the first frame: two answers of REST, and the settlement that frames may no longer carry. */
export async function firstFill(dispatch: (action: Action) => void): Promise<void> {
  const [pool, epochs] = await Promise.all([get<Pool>('/api/v1/pool/stats', dispatch), get<{ data?: Epoch[] }>('/api/v1/epochs')]);
  const list = epochs.body?.data ?? [];
  dispatch({ type: 'first-fill', pool: pool.body, epochs: list, problem: pool.body ? null : pool.problem });

  const paid = list.filter((epoch) => epoch.phase === 'settled' || epoch.phase === 'settling').map((epoch) => epoch.number ?? -1);
  if (paid.length === 0) return;
  const settlement = await get<Settlement>(`/api/v1/epochs/${Math.max(...paid)}/settlement`);
  if (settlement.body) dispatch({ type: 'earlier-settlement', settlement: settlement.body });
}

/** An unreachable silo leaves no verdict: an old "solvent" must not stay on the page as if it were still true. */
export async function readSolvency(dispatch: (action: Action) => void): Promise<void> {
  dispatch({ type: 'solvency', solvency: (await get<Solvency>('/api/v1/solvency')).body });
}

async function get<T>(path: string, dispatch?: (action: Action) => void): Promise<{ body: T | null; problem: string | null }> {
  try {
    const response = await fetch(path, { headers: { Accept: 'application/json' } });
    const sentAt = Date.parse(response.headers.get('Date') ?? '');
    // The header has whole seconds: half a second is the middle of what it can mean. Small offsets are that noise.
    const offsetMs = sentAt + 500 - Date.now();
    if (dispatch && Math.abs(offsetMs) > 2_000) dispatch({ type: 'clock', offsetMs });
    if (!response.ok) return { body: null, problem: `The silo answered ${response.status}.` };
    return { body: (await response.json()) as T, problem: null };
  } catch {
    return { body: null, problem: 'The silo does not answer.' };
  }
}
