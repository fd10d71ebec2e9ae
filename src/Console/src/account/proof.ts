/** A wallet's answer in the shape that the API takes; TON Connect's own names. */
export interface Proof {
  timestamp: number | string;
  domain: { lengthBytes: number; value: string };
  payload: string;
  signature: string;
  state_init: string | null;
}

const SHAPE = 'Paste the whole answer of the wallet: JSON with the proof, its signature and the state init.';

/**
 * Reads what a wallet or the wallet tool answered. TON Connect libraries wrap the proof differently and put the state init
 * beside the account; only what the pool checks anyway is looked for, and nothing is believed.
 */
export function readProof(text: string, payload: string): { proof: Proof } | { problem: string } {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return { problem: SHAPE };
  }
  const proof = find(answer, (o) => typeof o.signature === 'string' && typeof o.payload === 'string' && isDomain(o.domain));
  if (proof === null) return { problem: SHAPE };
  if (proof.payload !== payload) return { problem: 'This proof answers another challenge; sign the one that is shown here.' };
  const withState = find(answer, (o) => stateOf(o) !== null);
  const { timestamp, domain, signature } = proof as unknown as Proof;
  if (typeof timestamp !== 'number' && typeof timestamp !== 'string') return { problem: SHAPE };
  return {
    proof: {
      timestamp,
      domain: { lengthBytes: domain.lengthBytes, value: domain.value },
      payload,
      signature,
      state_init: withState === null ? null : stateOf(withState),
    },
  };
}

type Fields = Record<string, unknown>;

/** The first object that fits, outermost first; a wallet's answer is a few levels deep. */
function find(value: unknown, fits: (fields: Fields) => boolean, depth = 6): Fields | null {
  if (typeof value !== 'object' || value === null || depth === 0) return null;
  if (!Array.isArray(value) && fits(value as Fields)) return value as Fields;
  for (const inner of Object.values(value)) {
    const found = find(inner, fits, depth - 1);
    if (found !== null) return found;
  }
  return null;
}

function isDomain(domain: unknown): boolean {
  const fields = domain as Partial<Proof['domain']> | null | undefined;
  return typeof fields?.value === 'string' && typeof fields.lengthBytes === 'number';
}

function stateOf(fields: Fields): string | null {
  const state = fields.state_init ?? fields.walletStateInit ?? fields.stateInit;
  return typeof state === 'string' && state.length > 0 ? state : null;
}
