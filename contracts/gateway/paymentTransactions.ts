import { Address, Message, Transaction } from '@ton/core';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { Op } from '../wrappers/operations.js';
import { BATCHES_A_PAGE, Toncenter } from '../wrappers/toncenter.js';
import { exitCodeOf, feesOf } from '../wrappers/transactions.js';
import { CommandTransaction, FoundCommands } from './foundCommands.js';

export interface EpochTransactions {
  readonly opening: CommandTransaction | null;
  readonly batches: ReadonlyMap<number, CommandTransaction>;
  /** Hashes of the transactions that paid claims, by the entry's index. */
  readonly claims: ReadonlyMap<number, string>;
}

/** The opening of an epoch stands among its batches under this number. */
const OPENING = -1;
/** The name under which the contract's own history is read; wallets go by their addresses. */
const CONTRACT = 'distribution';

/**
 * Finds the transactions that opened epochs and paid batches and claims. Committed transactions never change, so what was found
 * once is kept, over restarts too, and each look reads only what is new.
 *
 * Whoever sent a command that the contract carried out was its operator then, so batches of an earlier wallet are found too.
 */
export class PaymentTransactions {
  /** Fees of the wallets' transactions, by the creation time of the message they sent. */
  private readonly walletFees = new Map<bigint, bigint>();
  private readonly walletReadTo = new Map<string, bigint>();
  private refreshing: Promise<void> | null = null;

  constructor(private readonly chain: Toncenter, private readonly distribution: Address, private readonly found = new FoundCommands(null)) {}

  async find(epoch: number, opened: boolean, batches: readonly number[], claims: readonly number[]): Promise<EpochTransactions> {
    const wanted = opened ? [OPENING, ...batches] : batches;
    const missing = wanted.some(batch => !this.found.commands.has(`${epoch}/${batch}`)) || claims.some(index => !this.found.claims.has(`${epoch}/${index}`));
    // Two requests at once share one reading of the history.
    if (missing) await (this.refreshing ??= this.refresh().finally(() => { this.refreshing = null; }));
    return {
      opening: this.found.commands.get(`${epoch}/${OPENING}`) ?? null,
      batches: ofEpoch(epoch, batches, this.found.commands),
      claims: ofEpoch(epoch, claims, this.found.claims),
    };
  }

  /** The claims of an epoch that the contract has forgotten: its state names none any more, its history does. */
  async claimsOf(epoch: number): Promise<ReadonlyMap<number, string>> {
    await (this.refreshing ??= this.refresh().finally(() => { this.refreshing = null; }));
    const prefix = `${epoch}/`;
    return new Map([...this.found.claims].filter(([key]) => key.startsWith(prefix)).map(([key, hash]) => [Number(key.slice(prefix.length)), hash]));
  }

  private async refresh(): Promise<void> {
    // The contract first: whatever message it has received, the wallets' histories read afterwards have its sending.
    const commands: { hash: string; transaction: Transaction }[] = [];
    const senders = new Set<string>();
    const arrived = new Map<string, bigint>();
    let newest = this.found.readTo(CONTRACT);
    for await (const found of this.chain.transactions(this.distribution, newest, BATCHES_A_PAGE)) {
      if (found.transaction.lt > newest) newest = found.transaction.lt;
      const message = found.transaction.inMessage;
      if (message?.info.type !== 'internal') continue;
      const { src, createdLt } = message.info;
      if (createdLt > (arrived.get(rawAddress(src)) ?? 0n)) arrived.set(rawAddress(src), createdLt);
      if (exitCodeOf(found.transaction) !== 0) continue;
      const op = opOf(message);
      if (op !== Op.PayBatch && op !== Op.OpenEpoch && op !== Op.Claim) continue;
      commands.push(found);
      if (op !== Op.Claim) senders.add(rawAddress(src));
    }
    for (const sender of senders) await this.readWallet(sender);
    for (const { hash, transaction } of commands.reverse()) this.remember(hash, transaction);
    // Messages between two accounts arrive in their order: what a wallet sent before the newest one that arrived is not needed any more.
    for (const sender of senders) this.found.keepReadTo(sender, arrived.get(sender) ?? 0n);
    // Last: whoever dies before this reads the same transactions again and finds the same.
    this.found.keepReadTo(CONTRACT, newest);
  }

  private async readWallet(wallet: string): Promise<void> {
    const from = this.walletReadTo.get(wallet) ?? this.found.readTo(wallet);
    let newest = from;
    for await (const { transaction } of this.chain.transactions(parseAddress(wallet), from, BATCHES_A_PAGE)) {
      if (transaction.lt > newest) newest = transaction.lt;
      const fees = feesOf(transaction);
      for (const { info } of transaction.outMessages.values())
        if (info.type === 'internal' && info.dest.equals(this.distribution)) this.walletFees.set(info.createdLt, fees);
    }
    this.walletReadTo.set(wallet, newest);
  }

  private remember(hash: string, transaction: Transaction): void {
    const message = transaction.inMessage;
    if (message?.info.type !== 'internal') return;
    const op = opOf(message);
    const body = message.body.beginParse();
    if (op === Op.Claim && body.remainingBits >= 32 + 64 + 32 + 32) {
      const [epoch, index] = [body.skip(96).loadUint(32), body.loadUint(32)];
      this.found.keepClaim(epoch, index, hash);
    } else if (op !== Op.Claim && body.remainingBits >= 32 + 64 + 32 + 16) {
      const [epoch, batch] = [body.skip(96).loadUint(32), op === Op.OpenEpoch ? OPENING : body.loadUint(16)];
      const sending = this.walletFees.get(message.info.createdLt) ?? 0n;
      this.walletFees.delete(message.info.createdLt);
      // A command that is repeated is carried out again without any effect; the first one is what did it.
      if (!this.found.commands.has(`${epoch}/${batch}`))
        this.found.keepCommand(epoch, batch, { txHash: hash, lt: transaction.lt.toString(), feeNano: feesOf(transaction) + sending });
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
