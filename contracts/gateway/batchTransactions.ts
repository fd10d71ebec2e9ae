import { Address, Transaction } from '@ton/core';
import { Op } from '../wrappers/operations.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { exitCodeOf, feesOf } from '../wrappers/transactions.js';

export interface BatchTransaction {
  readonly txHash: string;
  readonly lt: string;
  /** Fees of the contract's transaction, the wallet's transaction and all messages between and after them. */
  readonly feeNano: bigint;
}

/**
 * Finds the transaction that did a batch. Committed transactions never change, so what was found once is kept and each
 * look reads only what is new; a restart reads the history again.
 */
export class BatchTransactions {
  private readonly found = new Map<string, BatchTransaction>();
  /** Fees of the operator's transactions, by the creation time of the message they sent. */
  private readonly walletFees = new Map<bigint, bigint>();
  private contractLt = 0n;
  private walletLt = 0n;
  private refreshing: Promise<void> | null = null;

  constructor(private readonly chain: Toncenter, private readonly distribution: Address, private readonly operator: Address) {}

  async find(epoch: number, batches: readonly number[]): Promise<ReadonlyMap<number, BatchTransaction>> {
    const missing = batches.some(batch => !this.found.has(`${epoch}/${batch}`));
    // Two requests at once share one reading of the history.
    if (missing) await (this.refreshing ??= this.refresh().finally(() => { this.refreshing = null; }));
    const result = new Map<number, BatchTransaction>();
    for (const batch of batches) {
      const transaction = this.found.get(`${epoch}/${batch}`);
      if (transaction) result.set(batch, transaction);
    }
    return result;
  }

  private async refresh(): Promise<void> {
    // The contract first: whatever message it has received, the wallet's history read afterwards has its sending.
    const payments: { hash: string; transaction: Transaction }[] = [];
    let newest = this.contractLt;
    for await (const found of this.chain.transactions(this.distribution, this.contractLt)) {
      if (found.transaction.lt > newest) newest = found.transaction.lt;
      payments.push(found);
    }
    await this.readWallet();
    for (const { hash, transaction } of payments) this.remember(hash, transaction);
    this.contractLt = newest;
  }

  private async readWallet(): Promise<void> {
    let newest = this.walletLt;
    for await (const { transaction } of this.chain.transactions(this.operator, this.walletLt)) {
      if (transaction.lt > newest) newest = transaction.lt;
      const fees = feesOf(transaction);
      for (const { info } of transaction.outMessages.values())
        if (info.type === 'internal' && info.dest.equals(this.distribution)) this.walletFees.set(info.createdLt, fees);
    }
    this.walletLt = newest;
  }

  private remember(hash: string, transaction: Transaction): void {
    const message = transaction.inMessage;
    if (message?.info.type !== 'internal' || !message.info.src.equals(this.operator) || exitCodeOf(transaction) !== 0) return;
    const body = message.body.beginParse();
    if (body.remainingBits < 32 + 64 + 32 + 16 || body.loadUint(32) !== Op.PayBatch) return;
    const [epoch, batch] = [body.skip(64).loadUint(32), body.loadUint(16)];
    const sending = this.walletFees.get(message.info.createdLt) ?? 0n;
    this.walletFees.delete(message.info.createdLt);
    this.found.set(`${epoch}/${batch}`, { txHash: hash, lt: transaction.lt.toString(), feeNano: feesOf(transaction) + sending });
  }
}
