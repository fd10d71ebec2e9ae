import { createHash } from 'node:crypto';
import { Address, beginCell, Cell, loadMessage, storeMessage } from '@ton/core';
import { rawAddress } from '../wrappers/address.js';
import { Accounts } from './accounts.js';
import { BlockDraft } from './blockDraft.js';
import { BlockLog, TransactionRecord } from './blockLog.js';
import { Emulator } from './emulator.js';
import { Faults } from './faults.js';
import { CheckedMessage } from './messageChecks.js';

/** Where faucet coins come from; it has no key and no code, coins of the local chain are made of nothing. */
export const FAUCET = new Address(0, Buffer.alloc(32, 0xfa));
const LT_STEP = 1_000_000n;
const MAX_MESSAGES_PER_BLOCK = 1_000;
const MAX_MEMPOOL = 1_000;
const MAX_DEADLINE_SECONDS = 86_400;
const DEFAULT_DEADLINE_SECONDS = 120;

interface Pending {
  readonly message: CheckedMessage;
  readonly notBefore: number;
  readonly notBeforeTime: number;
}

export class ChainRefusal extends Error {}

/**
 * One chain that is its own masterchain: a block is committed once the log holds it, and only committed state is ever
 * shown. As on the real chain, a message sent in one block arrives in the next, so that callers meet the moments in
 * which a wallet has moved on and its message has not arrived yet.
 */
export class Chain {
  readonly accounts = new Accounts();
  readonly faults = new Faults();
  readonly log: BlockLog;
  seqno = 0;
  time = 0;
  transactionCount = 0;
  private lt = 0n;
  private queue: string[] = [];
  private mempool: Pending[] = [];
  private waiters = new Map<string, (record: TransactionRecord) => void>();
  private producing: Promise<void> = Promise.resolve();
  private watchers: (() => void)[] = [];

  constructor(folder: string, private readonly emulator: Emulator, private readonly now = () => Math.floor(Date.now() / 1000)) {
    this.log = BlockLog.open(folder, (accounts, block) => {
      this.accounts.restore(accounts);
      this.seqno = block.seqno;
      this.time = block.time;
      this.lt = BigInt(block.lt);
      this.queue = [...block.queue ?? this.queue];
    });
    if (this.seqno === 0) this.commit(new BlockDraft(this.accounts, this.log.bytes), [], this.now());
  }

  get mempoolSize(): number {
    return this.mempool.length;
  }

  get queueSize(): number {
    return this.queue.length;
  }

  /** Takes a message from outside into the mempool if its account would accept it now. */
  async send(message: CheckedMessage): Promise<void> {
    if (this.mempool.some(p => p.message.hash === message.hash)) return;
    if (this.mempool.length >= MAX_MEMPOOL) throw new ChainRefusal('the mempool is full: try again in a moment');
    const { shardAccount } = this.accounts.get(message.destination);
    const dryRun = await this.emulate(shardAccount, message.cell.toBoc().toString('base64'), this.currentTime(), this.lt + LT_STEP);
    if (!dryRun.accepted) throw new ChainRefusal(dryRun.reason);
    for (const { blocks, afterDeadline } of this.faults.copies())
      this.mempool.push({ message, notBefore: this.seqno + 1 + blocks, notBeforeTime: afterDeadline ? this.deadlineOf(message) : 0 });
  }

  /**
   * Takes coins away from an account, for tests of what happens without them. Nothing else on this chain does: afterwards
   * the account's history no longer adds up to its balance.
   */
  underfund(address: string, leaveNano: bigint): Promise<void> {
    const change = this.producing.then(() => {
      const draft = new BlockDraft(this.accounts, this.log.bytes);
      draft.setBalance(address, leaveNano);
      this.commit(draft, this.queue, this.currentTime());
    });
    this.producing = change.catch(() => {});
    return change;
  }

  /** Makes coins for an account and resolves once the block with them is committed. */
  faucet(to: Address, amountNano: bigint): Promise<TransactionRecord> {
    const message = beginCell().store(storeMessage({
      info: {
        type: 'internal', ihrDisabled: true, bounce: false, bounced: false, src: FAUCET, dest: to,
        value: { coins: amountNano }, ihrFee: 0n, forwardFee: 0n,
        // A number of its own in the body would change nothing but the hash; the creation time already differs.
        createdLt: (this.lt += 1n), createdAt: this.currentTime(),
      },
      body: Cell.EMPTY,
    })).endCell();
    this.queue.push(message.toBoc().toString('base64'));
    return new Promise(resolve => this.waiters.set(message.hash().toString('hex'), resolve));
  }

  /** Resolves once a block above this one is committed. */
  async blockAfter(seqno: number): Promise<number> {
    while (this.seqno <= seqno) await new Promise<void>(resolve => this.watchers.push(resolve));
    return this.seqno;
  }

  /** One tick of the clock: a block if there is work or the second has changed. */
  async tick(): Promise<void> {
    this.producing = this.producing.then(() => this.faults.settings.pause ? undefined : this.produceBlock());
    return this.producing;
  }

  async stop(): Promise<void> {
    await this.producing;
    this.log.close();
  }

  /** When a wallet's message can no longer land; a W5R1 wallet has its deadline behind op code and wallet id. */
  private deadlineOf({ message }: CheckedMessage): number {
    const body = message.body.beginParse();
    const deadline = body.remainingBits >= 96 ? body.skip(64).loadUint(32) : 0;
    const now = this.currentTime();
    return deadline >= now && deadline < now + MAX_DEADLINE_SECONDS ? deadline : now + DEFAULT_DEADLINE_SECONDS;
  }

  /** Chain time follows the wall clock and never goes back, even if the clock of the machine does. */
  private currentTime(): number {
    return Math.max(this.time, this.now());
  }

  private async produceBlock(): Promise<void> {
    const time = this.currentTime();
    const due = this.mempool.filter(p => p.notBefore <= this.seqno + 1 && p.notBeforeTime <= time).slice(0, MAX_MESSAGES_PER_BLOCK);
    const internal = this.queue.slice(0, MAX_MESSAGES_PER_BLOCK);
    if (due.length === 0 && internal.length === 0 && time === this.time) return;
    const draft = new BlockDraft(this.accounts, this.log.bytes);
    for (const boc of internal) await this.deliver(draft, boc, destinationOf(boc), time, true);
    for (const { message } of due)
      await this.deliver(draft, message.cell.toBoc().toString('base64'), message.destination, time, false);
    this.mempool = this.mempool.filter(p => !due.includes(p));
    // Whatever the faucet queued while this block was made waits behind the block's own messages.
    this.commit(draft, [...this.queue.slice(internal.length), ...draft.outgoing], time);
  }

  private async deliver(draft: BlockDraft, boc: string, destination: string, time: number, mustRun: boolean): Promise<void> {
    this.lt += LT_STEP;
    const result = await this.emulate(draft.shardAccount(destination), boc, time, this.lt);
    // A message from outside that is no longer accepted vanishes, as on the real chain: expired, or its seqno is used.
    if (result.accepted) draft.add(destination, result.transaction, result.shardAccount);
    else if (mustRun) throw new Error(`an internal message to ${destination} could not be run: ${result.reason}`);
  }

  private emulate(shardAccount: string, message: string, now: number, lt: bigint) {
    const randomSeed = createHash('sha256').update(`block ${this.seqno + 1}`).digest('hex');
    return this.emulator.transaction({ shardAccount, message, now, lt: lt.toString(), randomSeed });
  }

  private commit(draft: BlockDraft, queue: string[], time: number): void {
    const worked = draft.transactions.length > 0;
    this.lt += LT_STEP;
    const accounts = draft.accountRecords();
    this.log.append(draft.transactions, accounts, {
      kind: 'block', seqno: this.seqno + 1, time, lt: this.lt.toString(), queue: worked || queue.length > 0 ? queue : null,
    });
    this.seqno++;
    this.time = time;
    this.queue = queue;
    this.accounts.restore(accounts);
    this.transactionCount += draft.transactions.length;
    for (const record of draft.transactions) this.notify(record);
    for (const seen of this.watchers.splice(0)) seen();
  }

  private notify(record: TransactionRecord): void {
    if (this.waiters.size === 0) return;
    const inMessage = Cell.fromBase64(record.boc).refs[0]?.refs[0];
    const key = inMessage?.hash().toString('hex') ?? '';
    this.waiters.get(key)?.(record);
    this.waiters.delete(key);
  }
}

function destinationOf(boc: string): string {
  const { info } = loadMessage(Cell.fromBase64(boc).beginParse());
  if (info.type !== 'internal') throw new Error('only internal messages are queued between blocks');
  return rawAddress(info.dest);
}
