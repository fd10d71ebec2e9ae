import { beginCell, Cell, loadShardAccount, loadTransaction, storeMessage, storeShardAccount, Transaction } from '@ton/core';
import { Accounts, StoredAccount } from './accounts.js';
import { AccountRecord, lengthOf, Place, TransactionRecord } from './blockLog.js';

/** A block in the making: nothing of it is visible until the log holds it. */
export class BlockDraft {
  readonly transactions: TransactionRecord[] = [];
  /** Internal messages sent in this block, delivered in the next one. */
  readonly outgoing: string[] = [];
  private readonly touched = new Map<string, StoredAccount>();
  private offset: number;

  constructor(private readonly accounts: Accounts, logEnd: number) {
    this.offset = logEnd;
  }

  shardAccount(address: string): string {
    return (this.touched.get(address) ?? this.accounts.get(address)).shardAccount;
  }

  add(address: string, transactionBoc: string, shardAccount: string): Transaction {
    const cell = Cell.fromBase64(transactionBoc);
    const transaction = loadTransaction(cell.beginParse());
    const record: TransactionRecord = {
      kind: 'transaction', account: address, lt: transaction.lt.toString(), hash: cell.hash().toString('hex'),
      boc: transactionBoc, previous: (this.touched.get(address) ?? this.accounts.get(address)).last,
    };
    const place: Place = [this.offset, lengthOf(record)];
    this.offset += place[1];
    this.transactions.push(record);
    this.touched.set(address, { shardAccount, last: place });
    for (const message of transaction.outMessages.values()) {
      // Messages to the outside world are logs; they live on in the transaction that sent them.
      if (message.info.type === 'internal')
        this.outgoing.push(beginCell().store(storeMessage(message)).endCell().toBoc().toString('base64'));
    }
    return transaction;
  }

  /** Changes a balance without a transaction: a fault, not something that a chain does. */
  setBalance(address: string, balanceNano: bigint): void {
    const { shardAccount, last } = this.touched.get(address) ?? this.accounts.get(address);
    const shard = loadShardAccount(Cell.fromBase64(shardAccount).beginParse());
    if (!shard.account) throw new Error(`${address} has no coins to take away`);
    shard.account.storage.balance.coins = balanceNano;
    this.touched.set(address, { shardAccount: beginCell().store(storeShardAccount(shard)).endCell().toBoc().toString('base64'), last });
  }

  accountRecords(): AccountRecord[] {
    return [...this.touched].map(([account, { shardAccount, last }]) => ({ kind: 'account', account, shardAccount, last }));
  }
}
