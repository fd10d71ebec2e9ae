import { beginCell, Cell } from '@ton/core';

/** The op codes of `schemes/distribution.tlb`; a test compares them with the contract's sources. */
export const Op = {
  OpenEpoch: 0x6f70656e,
  PayBatch: 0x70617962,
  WithdrawFees: 0x66656573,
  Excesses: 0xd53276db,
  CocoonPayout: 0xc59a7cd3,
} as const;

export interface EpochTerms {
  readonly epoch: number;
  /** The sum of all payouts of the epoch; the fee comes on top of it. */
  readonly totalNano: bigint;
  readonly feeNano: bigint;
  readonly count: number;
  readonly merkleRoot: Buffer;
  readonly bundleHash: Buffer;
}

export function openEpochBody(terms: EpochTerms, queryId = 0n): Cell {
  const commitment = beginCell().storeBuffer(terms.merkleRoot, 32).storeBuffer(terms.bundleHash, 32).endCell();
  return beginCell()
    .storeUint(Op.OpenEpoch, 32).storeUint(queryId, 64)
    .storeUint(terms.epoch, 32).storeCoins(terms.totalNano).storeCoins(terms.feeNano).storeUint(terms.count, 32)
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

/** What the operator attaches. The rest comes back, so these leave room for prices several times today's. */
export const OPEN_EPOCH_VALUE_NANO = 50_000_000n;
export const WITHDRAW_FEES_VALUE_NANO = 50_000_000n;

export function payBatchValueNano(payouts: number): bigint {
  return 50_000_000n + BigInt(payouts) * 600_000n;
}
