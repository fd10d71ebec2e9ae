import { Address, beginCell, Cell, loadShardAccount, ShardAccount, storeShardAccount } from '@ton/core';
import { createEmptyShardAccount } from '@ton/sandbox';
import { AccountRecord, Place } from './blockLog.js';

/** An account as the last block left it. */
export interface StoredAccount {
  readonly shardAccount: string;
  readonly last: Place | null;
}

export interface AccountView {
  readonly state: 'active' | 'uninitialized' | 'frozen';
  readonly balanceNano: bigint;
  readonly code: Cell | null;
  readonly data: Cell | null;
  readonly frozenHash: Buffer | null;
  readonly lastLt: bigint;
  readonly lastHash: Buffer;
}

/** All accounts that ever had a transaction. Only their present states are in memory; histories stay in the log. */
export class Accounts {
  private readonly byAddress = new Map<string, StoredAccount>();

  get size(): number {
    return this.byAddress.size;
  }

  restore(records: readonly AccountRecord[]): void {
    for (const { account, shardAccount, last } of records) this.byAddress.set(account, { shardAccount, last });
  }

  get(address: string): StoredAccount {
    return this.byAddress.get(address) ?? { shardAccount: emptyShardAccount(address), last: null };
  }

  view(address: string): AccountView {
    return viewOf(loadShardAccount(Cell.fromBase64(this.get(address).shardAccount).beginParse()));
  }
}

function emptyShardAccount(address: string): string {
  const empty = createEmptyShardAccount(Address.parseRaw(address));
  return beginCell().store(storeShardAccount(empty)).endCell().toBoc().toString('base64');
}

function viewOf(shard: ShardAccount): AccountView {
  const storage = shard.account?.storage;
  const state = storage?.state;
  return {
    state: state?.type === 'active' ? 'active' : state?.type === 'frozen' ? 'frozen' : 'uninitialized',
    balanceNano: storage?.balance.coins ?? 0n,
    code: state?.type === 'active' ? state.state.code ?? null : null,
    data: state?.type === 'active' ? state.state.data ?? null : null,
    frozenHash: state?.type === 'frozen' ? bigintBytes(state.stateHash) : null,
    lastLt: shard.lastTransactionLt,
    lastHash: bigintBytes(shard.lastTransactionHash),
  };
}

function bigintBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}
