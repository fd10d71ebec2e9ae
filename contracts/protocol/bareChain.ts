import { Address, beginCell, Cell, loadShardAccount, loadTransaction, Message, ShardAccount, storeMessage, storeShardAccount, Transaction } from '@ton/core';
import { createEmptyShardAccount, Executor, internal } from '@ton/sandbox';
import { mainnetConfig } from '../localnet/mainnetPrices.js';
import { rawAddress } from '../wrappers/address.js';
import { feesOf } from '../wrappers/transactions.js';

/**
 * The emulator with nothing around it: accounts are strings that go in and come out, and nothing is kept but the last
 * state of each. Many thousands of messages run through one of these in the time the sandbox needs for hundreds.
 */
export class BareChain {
  private accounts = new Map<string, string>();
  private readonly seen = new Map<string, { readonly stored: string; readonly account: ShardAccount }>();
  private lt = 1_000_000n;
  now: number;
  /** Coins that came in from outside, and coins that the network took, since the last `reset`. */
  deposited = 0n;
  fees = 0n;

  private constructor(private readonly executor: Executor, now: number) {
    this.now = now;
  }

  private static readonly config = mainnetConfig().toBoc().toString('base64');

  static async create(now: number): Promise<BareChain> {
    return new BareChain(await Executor.create(), now);
  }

  /** Delivers a message with all that follows from it; the first transaction is the receiver's. */
  async send(parameters: Parameters<typeof internal>[0]): Promise<Transaction[]> {
    const message = internal(parameters);
    if (message.info.type === 'internal') this.deposited += message.info.value.coins;
    const transactions: Transaction[] = [];
    for (let queue: Message[] = [message]; queue.length > 0;) {
      const next: Message[] = [];
      for (const each of queue) {
        const transaction = await this.run(each);
        transactions.push(transaction);
        for (const out of transaction.outMessages.values()) if (out.info.type === 'internal') next.push(out);
      }
      queue = next;
    }
    return transactions;
  }

  balance(address: Address): bigint {
    return this.view(rawAddress(address)).account?.storage.balance.coins ?? 0n;
  }

  data(address: Address): Cell | null {
    const state = this.view(rawAddress(address)).account?.storage.state;
    return state?.type === 'active' ? state.state.data ?? null : null;
  }

  /** All coins that any account holds. */
  total(): bigint {
    let sum = 0n;
    for (const address of this.accounts.keys()) sum += this.view(address).account?.storage.balance.coins ?? 0n;
    return sum;
  }

  snapshot(): () => void {
    const [accounts, now] = [new Map(this.accounts), this.now];
    return () => {
      this.accounts = new Map(accounts);
      this.now = now;
      this.deposited = 0n;
      this.fees = 0n;
    };
  }

  private view(address: string): ShardAccount {
    const stored = this.accounts.get(address);
    if (stored === undefined) return createEmptyShardAccount(Address.parseRaw(address));
    // Reading an account means hashing its code, so what did not change since the last look is not read again.
    const seen = this.seen.get(address);
    if (seen?.stored === stored) return seen.account;
    const account = loadShardAccount(Cell.fromBase64(stored).beginParse());
    this.seen.set(address, { stored, account });
    return account;
  }

  private async run(message: Message): Promise<Transaction> {
    if (message.info.type !== 'internal') throw new Error('only internal messages run here');
    const address = rawAddress(message.info.dest);
    const { result } = await this.executor.runTransaction({
      config: BareChain.config, libs: null, verbosity: 'short',
      shardAccount: this.accounts.get(address)
        ?? beginCell().store(storeShardAccount(createEmptyShardAccount(message.info.dest))).endCell().toBoc().toString('base64'),
      message: beginCell().store(storeMessage(message)).endCell(),
      now: this.now, lt: this.lt += 1_000_000n, randomSeed: Buffer.alloc(32), ignoreChksig: false, debugEnabled: false,
    });
    if (!result.success) throw new Error(`an internal message must run: ${result.error}`);
    this.accounts.set(address, result.shardAccount);
    const transaction = loadTransaction(Cell.fromBase64(result.transaction).beginParse());
    this.fees += feesOf(transaction);
    return transaction;
  }
}
