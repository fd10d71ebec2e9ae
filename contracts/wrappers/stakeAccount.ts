import { Address, beginCell, Cell, contractAddress, Dictionary, Slice, StateInit } from '@ton/core';
import { rawAddress } from './address.js';
import { codeOf } from './contractCode.js';
import { Op } from './operations.js';

const command = (op: number, queryId: bigint) => beginCell().storeUint(op, 32).storeUint(queryId, 64);

/** The participant's commands to their own account. */
export const topUpBody = (queryId = 0n): Cell => command(Op.TopUp, queryId).endCell();
export const requestWithdrawalBody = (amountNano: bigint, queryId = 0n): Cell => command(Op.RequestWithdrawal, queryId).storeCoins(amountNano).endCell();
export const cancelWithdrawalBody = (queryId = 0n): Cell => command(Op.CancelWithdrawal, queryId).endCell();
export const completeWithdrawalBody = (queryId = 0n): Cell => command(Op.CompleteWithdrawal, queryId).endCell();

/** What a top-up carries beside the coins that become stake; the unused part comes back. */
export const TOP_UP_FEES_NANO = 20_000_000n;
/** What somebody else who completes a withdrawal sends for its fees; the rest goes to the participant. */
export const COMPLETION_VALUE_NANO = 10_000_000n;
/** Kept on the account beside the stake, for rent. */
export const STAKE_RESERVE_NANO = 10_000_000n;
/** The account whose coins are burned: no code and no key. */
export const BURN_ADDRESS = new Address(0, Buffer.alloc(32));
export const MAX_SUSPENSION_SECONDS = 30 * 86_400;

export interface StakeState {
  readonly registry: string;
  readonly participant: string;
  readonly stakeNano: bigint;
  /** The part of the stake that waits for withdrawal. */
  readonly withdrawalNano: bigint;
  readonly unlocksAt: number;
  readonly suspendedUntil: number;
  readonly minimumStakeNano: bigint;
  readonly withdrawalDelaySeconds: number;
  /** Amounts of executed slashes by the number of their case. */
  readonly slashes: ReadonlyMap<bigint, bigint>;
}

const coins = {
  serialize: () => { throw new Error('stake accounts are only read'); },
  parse: (slice: Slice) => slice.loadCoins(),
};

/** Two addresses are the whole state init, so anybody can compute the account of a participant. */
export function stakeStateInit(registry: Address, participant: Address): StateInit {
  const data = beginCell()
    .storeAddress(registry).storeAddress(participant).storeCoins(0).storeCoins(0).storeUint(0, 32).storeUint(0, 32)
    .storeCoins(0).storeUint(0, 32).storeDict(null).endCell();
  return { code: codeOf('StakeAccount'), data };
}

export function stakeAddress(registry: Address, participant: Address): Address {
  return contractAddress(0, stakeStateInit(registry, participant));
}

export function parseStake(data: Cell): StakeState {
  const slice = data.beginParse();
  return {
    registry: rawAddress(slice.loadAddress()), participant: rawAddress(slice.loadAddress()),
    stakeNano: slice.loadCoins(), withdrawalNano: slice.loadCoins(), unlocksAt: slice.loadUint(32),
    suspendedUntil: slice.loadUint(32), minimumStakeNano: slice.loadCoins(), withdrawalDelaySeconds: slice.loadUint(32),
    slashes: new Map(slice.loadDict(Dictionary.Keys.BigUint(64), coins)),
  };
}
