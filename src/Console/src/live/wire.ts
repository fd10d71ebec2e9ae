/**
 * What the silo sends, as documented for the REST and WebSocket surface. Every field may be missing or null: a pool in
 * its first minutes has no epoch, no worker and no settlement, and an older silo may not know a newer field. Amounts are
 * decimal strings of nanoTON; counts that can outgrow a double may come as strings too.
 */
export type Maybe<T> = T | null | undefined;
export type Count = number | string;

export interface Pool {
  id?: Maybe<string>;
  name?: Maybe<string>;
  state?: Maybe<string>;
  network?: Maybe<string>;
  participants?: Maybe<{ total?: Maybe<Count>; active?: Maybe<Count> }>;
  workers?: Maybe<{ total?: Maybe<Count>; active?: Maybe<Count> }>;
  gpus?: Maybe<Count>;
  current_epoch?: Maybe<Epoch>;
  performance?: Maybe<{
    requests_24h?: Maybe<Count>;
    errors_24h?: Maybe<Count>;
    p50_ms?: Maybe<number>;
    p95_ms?: Maybe<number>;
    p99_ms?: Maybe<number>;
  }>;
  economics?: Maybe<{ paid_total_nano?: Maybe<string>; stake_total_nano?: Maybe<string>; fee_bps?: Maybe<number> }>;
}

export interface Worker {
  id: string;
  participant_address?: Maybe<string>;
  state?: Maybe<string>;
  state_since?: Maybe<string>;
  connected?: Maybe<boolean>;
  running_tasks?: Maybe<number>;
  last_heartbeat_at?: Maybe<string>;
  hardware?: Maybe<{ gpu_model?: Maybe<string>; gpu_count?: Maybe<number>; vram_gb?: Maybe<number> }>;
  models?: Maybe<{ name?: Maybe<string>; max_concurrency?: Maybe<number> }[]>;
}

export interface Epoch {
  number?: Maybe<number>;
  phase?: Maybe<string>;
  start?: Maybe<string>;
  end?: Maybe<string>;
  revenue_nano?: Maybe<string>;
  tasks?: Maybe<Count>;
  tokens?: Maybe<Count>;
  gpu_seconds?: Maybe<Count>;
  tallies?: Maybe<Tally[]>;
}

export interface Tally {
  participant: string;
  tasks?: Maybe<Count>;
  failed_tasks?: Maybe<Count>;
  tokens?: Maybe<Count>;
  adjusted_tokens?: Maybe<Count>;
  gpu_seconds?: Maybe<Count>;
  gpu_milliseconds?: Maybe<Count>;
  estimated_share_nano?: Maybe<string>;
}

export interface Batch {
  index?: Maybe<number>;
  phase?: Maybe<string>;
  payouts?: Maybe<number>;
  total_nano?: Maybe<string>;
  list_hash?: Maybe<string>;
  message_hash?: Maybe<string>;
  transaction?: Maybe<string>;
  network_fee_nano?: Maybe<string>;
}

export interface Settlement {
  epoch?: Maybe<number>;
  phase?: Maybe<string>;
  frozen?: Maybe<boolean>;
  trouble?: Maybe<string>;
  total_nano?: Maybe<string>;
  paid_nano?: Maybe<string>;
  batches?: Maybe<Batch[]>;
}

export interface Payout {
  participant: string;
  amount_nano?: Maybe<string>;
  transaction?: Maybe<string>;
}

export interface Solvency {
  assets_nano?: Maybe<string>;
  in_flight_nano?: Maybe<string>;
  liabilities_nano?: Maybe<string>;
  ratio_ppm?: Maybe<Count>;
  solvent?: Maybe<boolean>;
}

export interface Overview {
  type: 'overview';
  pool?: Maybe<Pool>;
  workers?: Maybe<Worker[]>;
  epoch?: Maybe<Epoch>;
  settlement?: Maybe<Settlement>;
  payouts?: Maybe<Payout[]>;
}

/** Reads one WebSocket message. Null for a frame this page does not know, so that a newer silo may send more kinds. */
export function parseFrame(text: unknown): Overview | null {
  if (typeof text !== 'string') return null;
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === 'object' && frame !== null && (frame as Overview).type === 'overview' ? (frame as Overview) : null;
  } catch {
    return null;
  }
}

/** A count as a number, for drawing and comparing only; never used for money. Null when the silo sent none. */
export function toCount(value: Maybe<Count>): number | null {
  if (value === null || value === undefined || value === '') return null;
  const count = Number(value);
  return Number.isFinite(count) ? count : null;
}
