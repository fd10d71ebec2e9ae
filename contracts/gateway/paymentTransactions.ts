import { Address, Message, Transaction } from '@ton/core';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { Op } from '../wrappers/operations.js';
import { BATCHES_A_PAGE, Toncenter } from '../wrappers/toncenter.js';
import { exitCodeOf, feesOf } from '../wrappers/transactions.js';

export interface BatchTransaction {
  readonly txHash: string;
  readonly lt: string;
  /** Fees of the contract's transaction, the wallet's transaction and all messages between and after them. */
  readonly feeNano: bigint;
}

export interface EpochTransactions {
  readonly batches: ReadonlyMap<number, BatchTransaction>;
  /** Hashes of the transactions that paid claims, by the entry's index. */
  readonly claims: ReadonlyMap<number, string>;
}

/**
 * Finds the transactions that paid batches and claims. Committed transactions never change, so what was found once is kept
 * and each look reads only what is new; a restart reads the history again.
 *
 * Whoever sent a command that the contract carried out was its operator then, so batches of an earlier wallet are found too.
 */
export class PaymentTransactions {
  private readonly batches = new Map<string, BatchTransaction>();
  private readonly claims = new Map<string, string>();
  /** Fees of the wallets' transactions, by the creation time of the message they sent. */
  private readonly walletFees = new Map<bigint, bigint>();
  private readonly walletLts = new Map<string, bigint>();
  private contractLt = 0n;
  private refreshing: Promise<void> | null = null;

  constructor(private readonly chain: Toncenter, private readonly distribution: Address) {}

  async find(epoch: number, batches: readonly number[], claims: readonly number[]): Promise<EpochTransactions> {
    const missing = batches.some(batch => !this.batches.has(`${epoch}/${batch}`)) || claims.some(index => !this.claims.has(`${epoch}/${index}`));
    // Two requests at once share one reading of the history.
    if (missing) await (this.refreshing ??= this.refresh().finally(() => { this.refreshing = null; }));
    return { batches: ofEpoch(epoch, batches, this.batches), claims: ofEpoch(epoch, claims, this.claims) };
  }

  private async refresh(): Promise<void> {
    // The contract first: whatever message it has received, the wallets' histories read afterwards have its sending.
    const commands: { hash: string; transaction: Transaction }[] = [];
    const senders = new Set<string>();
    let newest = this.contractLt;
    for await (const found of this.chain.transactions(this.distribution, this.contractLt, BATCHES_A_PAGE)) {
      if (found.transaction.lt > newest) newest = found.transaction.lt;
      const message = found.transaction.inMessage;
      if (message?.info.type !== 'internal' || exitCodeOf(found.transaction) !== 0) continue;
      commands.push(found);
      if (opOf(message) === Op.PayBatch) senders.add(rawAddress(message.info.src));
    }
    for (const sender of senders) await this.readWallet(sender);
    for (const { hash, transaction } of commands) this.remember(hash, transaction);
    this.contractLt = newest;
  }

  private async readWallet(wallet: string): Promise<void> {
    const from = this.walletLts.get(wallet) ?? 0n;
    let newest = from;
    for await (const { transaction } of this.chain.transactions(parseAddress(wallet), from, BATCHES_A_PAGE)) {
      if (transaction.lt > newest) newest = transaction.lt;
      const fees = feesOf(transaction);
      for (const { info } of transaction.outMessages.values())
        if (info.type === 'internal' && info.dest.equals(this.distribution)) this.walletFees.set(info.createdLt, fees);
    }
    this.walletLts.set(wallet, newest);
  }

  private remember(hash: string, transaction: Transaction): void {
    const message = transaction.inMessage;
    if (message?.info.type !== 'internal') return;
    const op = opOf(message);
    const body = message.body.beginParse();
    if (op === Op.PayBatch && body.remainingBits >= 32 + 64 + 32 + 16) {
      const [epoch, batch] = [body.skip(96).loadUint(32), body.loadUint(16)];
      const sending = this.walletFees.get(message.info.createdLt) ?? 0n;
      this.walletFees.delete(message.info.createdLt);
      this.batches.set(`${epoch}/${batch}`, { txHash: hash, lt: transaction.lt.toString(), feeNano: feesOf(transaction) + sending });
    } else if (op === Op.Claim && body.remainingBits >= 32 + 64 + 32 + 32) {
      const [epoch, index] = [body.skip(96).loadUint(32), body.loadUint(32)];
      this.claims.set(`${epoch}/${index}`, hash);
    }
  }
}

function opOf(message: Message): number | null {
  const body = message.body.beginParse();
  return body.remainingBits < 32 ? null : body.loadUint(32);
}

function ofEpoch<T>(epoch: number, numbers: readonly number[], all: ReadonlyMap<string, T>): Map<number, T> {
  const result = new Map<number, T>();
  for (const number of numbers) {
    const found = all.get(`${epoch}/${number}`);
    if (found !== undefined) result.set(number, found);
  }
  return result;
}
