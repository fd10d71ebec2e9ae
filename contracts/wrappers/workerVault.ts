import { Address, beginCell, Cell, contractAddress, StateInit } from '@ton/core';
import { codeOf } from './contractCode.js';
import { Op } from './operations.js';

/** Admin, distribution and worker are the whole state init: the address of a vault is known before it is deployed. */
export function vaultStateInit(admin: Address, distribution: Address, worker: Buffer): StateInit {
  const data = beginCell().storeAddress(admin).storeAddress(distribution).storeBuffer(worker, 32).endCell();
  return { code: codeOf('WorkerVault'), data };
}

export function vaultAddress(admin: Address, distribution: Address, worker: Buffer): Address {
  return contractAddress(0, vaultStateInit(admin, distribution, worker));
}

/** Kept on a vault for rent; the first payout pays it. */
export const VAULT_RESERVE_NANO = 20_000_000n;

export function cocoonPayoutBody(queryId: bigint): Cell {
  return beginCell().storeUint(Op.CocoonPayout, 32).storeUint(queryId, 64).endCell();
}

export interface VaultRevenue {
  /** Hex of the worker's number that is part of the vault's state init. */
  readonly worker: string;
  /** False for coins that came to the vault without a Cocoon payout. */
  readonly payout: boolean;
  readonly payoutQueryId: bigint;
  readonly from: Address;
}

/** Reads what a vault says about coins it forwards; null for any other body. */
export function readVaultRevenue(body: Cell): VaultRevenue | null {
  const slice = body.beginParse();
  if (slice.remainingBits !== 32 + 64 + 256 + 1 + 267 || slice.loadUint(32) !== Op.VaultRevenue) return null;
  const payoutQueryId = slice.loadUintBig(64);
  const worker = slice.loadBuffer(32).toString('hex');
  return { worker, payout: slice.loadBit(), payoutQueryId, from: slice.loadAddress() };
}
