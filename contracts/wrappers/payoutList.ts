import { Address, beginCell, Builder, Cell, Slice } from '@ton/core';

export interface Payout {
  readonly to: Address;
  readonly amountNano: bigint;
}

/** 250 payouts and one excess message stay under the limit of 255 actions in one transaction. */
export const MAX_PAYOUTS = 250;
const PAYOUTS_PER_CELL = 3;
const MAX_COINS = (1n << 120n) - 1n;

/**
 * Packs payouts into the list cell of `schemes/reward-distribution.tlb`. Every cell but the last is full, so equal payouts
 * in equal order always give the same hash; that hash is what the contract records as proof of what it paid.
 */
export function packPayoutList(payouts: readonly Payout[]): Cell {
  if (payouts.length === 0) throw new Error('a payout list needs at least one payout');
  if (payouts.length > MAX_PAYOUTS)
    throw new Error(`a payout list holds at most ${MAX_PAYOUTS} payouts, got ${payouts.length}: split it into batches`);
  let next: Cell | null = null;
  const lastStart = Math.floor((payouts.length - 1) / PAYOUTS_PER_CELL) * PAYOUTS_PER_CELL;
  for (let start = lastStart; start >= 0; start -= PAYOUTS_PER_CELL) {
    const group = payouts.slice(start, start + PAYOUTS_PER_CELL);
    const builder: Builder = beginCell().storeUint(group.length, 2);
    for (const payout of group) storePayout(builder, payout);
    next = builder.storeMaybeRef(next).endCell();
  }
  return next as Cell;
}

function storePayout(builder: Builder, payout: Payout): void {
  if (payout.amountNano <= 0n) throw new Error(`payout to ${payout.to.toRawString()} must be above zero nanoTON`);
  if (payout.amountNano > MAX_COINS) throw new Error(`payout to ${payout.to.toRawString()} exceeds 2^120-1 nanoTON`);
  builder.storeAddress(payout.to).storeCoins(payout.amountNano);
}

export function unpackPayoutList(list: Cell): Payout[] {
  const payouts: Payout[] = [];
  for (let cell: Cell | null = list; cell !== null;) {
    const slice: Slice = cell.beginParse();
    const count = slice.loadUint(2);
    if (count === 0) throw new Error('a payout list cell holds one to three payouts, found none');
    for (let i = 0; i < count; i++) payouts.push({ to: slice.loadAddress(), amountNano: slice.loadCoins() });
    cell = slice.loadMaybeRef();
    slice.endParse();
  }
  return payouts;
}

export function totalOf(payouts: readonly Payout[]): bigint {
  return payouts.reduce((sum, payout) => sum + payout.amountNano, 0n);
}

/** Lower-case hex of the representation hash of the root cell. */
export function listHash(list: Cell): string {
  return list.hash().toString('hex');
}
