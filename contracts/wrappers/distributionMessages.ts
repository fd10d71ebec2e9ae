import { Address, beginCell, Cell } from '@ton/core';
import { Leaf, ProofStep } from './epochTree.js';
import { Op } from './operations.js';

export interface EpochTerms {
  readonly epoch: number;
  /** The sum of all payouts of the epoch; the fee comes on top of it. */
  readonly totalNano: bigint;
  readonly feeNano: bigint;
  readonly count: number;
  /** Entries from this index on are claimed by their owners and never pushed; `count` if nobody claims. */
  readonly claimFrom: number;
  readonly merkleRoot: Buffer;
  readonly bundleHash: Buffer;
}

export function openEpochBody(terms: EpochTerms, queryId = 0n): Cell {
  const commitment = beginCell().storeBuffer(terms.merkleRoot, 32).storeBuffer(terms.bundleHash, 32).endCell();
  return beginCell()
    .storeUint(Op.OpenEpoch, 32).storeUint(queryId, 64)
    .storeUint(terms.epoch, 32).storeCoins(terms.totalNano).storeCoins(terms.feeNano).storeUint(terms.count, 32).storeUint(terms.claimFrom, 32)
    .storeRef(commitment).endCell();
}

export function payBatchBody(epoch: number, batch: number, list: Cell, queryId = 0n): Cell {
  return beginCell()
    .storeUint(Op.PayBatch, 32).storeUint(queryId, 64)
    .storeUint(epoch, 32).storeUint(batch, 16).storeRef(list).endCell();
}

export function withdrawFeesBody(amountNano: bigint, queryId = 0n): Cell {
  return beginCell().storeUint(Op.WithdrawFees, 32).storeUint(queryId, 64).storeCoins(amountNano).endCell();
}

/** At most this many entries are released by one message, because their indexes stand in its root cell. */
export const MAX_RELEASED = 26;

export function releaseClaimsBody(epoch: number, indexes: readonly number[], queryId = 0n): Cell {
  if (indexes.length === 0 || indexes.length > MAX_RELEASED) throw new Error(`release 1 to ${MAX_RELEASED} entries at once, not ${indexes.length}`);
  const body = beginCell().storeUint(Op.ReleaseClaims, 32).storeUint(queryId, 64).storeUint(epoch, 32).storeUint(indexes.length, 8);
  for (const index of indexes) body.storeUint(index, 32);
  return body.endCell();
}

export function pruneEpochsBody(below: number, queryId = 0n): Cell {
  return beginCell().storeUint(Op.PruneEpochs, 32).storeUint(queryId, 64).storeUint(below, 32).endCell();
}

const STEPS_PER_CELL = 3;

/** Packs a proof as the contract reads it: cells of up to three steps, each the side of the sibling and its hash. */
export function packProof(path: readonly ProofStep[]): Cell {
  let next: Cell | null = null;
  const lastStart = path.length === 0 ? 0 : Math.floor((path.length - 1) / STEPS_PER_CELL) * STEPS_PER_CELL;
  for (let start = lastStart; start >= 0; start -= STEPS_PER_CELL) {
    const steps = path.slice(start, start + STEPS_PER_CELL);
    const cell = beginCell().storeUint(steps.length, 2);
    for (const { hash, side } of steps) cell.storeBit(side === 'left').storeBuffer(hash, 32);
    next = cell.storeMaybeRef(next).endCell();
  }
  return next as Cell;
}

/** Anybody may send a claim; it pays the account of the leaf. */
export function claimBody(epoch: number, leaf: Leaf, path: readonly ProofStep[], queryId = 0n): Cell {
  if (leaf.address.workChain !== 0) throw new Error('only accounts of the basechain can claim');
  return beginCell()
    .storeUint(Op.Claim, 32).storeUint(queryId, 64)
    .storeUint(epoch, 32).storeUint(leaf.index, 32).storeBuffer(leaf.address.hash, 32).storeUint(leaf.amountNano, 64)
    .storeRef(packProof(path)).endCell();
}

/** The three commands that PoolOperator gives to the contracts linked to it. */
export function setOperatorBody(operator: Address, responseTo: Address, queryId = 0n): Cell {
  return beginCell().storeUint(Op.SetOperator, 32).storeUint(queryId, 64).storeAddress(operator).storeAddress(responseTo).endCell();
}

export function setPausedBody(paused: boolean, responseTo: Address, queryId = 0n): Cell {
  return beginCell().storeUint(Op.SetPaused, 32).storeUint(queryId, 64).storeBit(paused).storeAddress(responseTo).endCell();
}

export function upgradeCodeBody(code: Cell, responseTo: Address, queryId = 0n): Cell {
  return beginCell().storeUint(Op.UpgradeCode, 32).storeUint(queryId, 64).storeRef(code).storeAddress(responseTo).endCell();
}

/** What a sender attaches. The rest comes back, so these leave room for prices several times today's. */
export const COMMAND_VALUE_NANO = 50_000_000n;
export const CLAIM_VALUE_NANO = 50_000_000n;

export function payBatchValueNano(payouts: number): bigint {
  return 50_000_000n + BigInt(payouts) * 600_000n;
}
