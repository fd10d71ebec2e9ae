import { Address } from '@ton/core';
import { rawAddress } from '../wrappers/address.js';
import { Op } from '../wrappers/operations.js';
import { BATCHES_A_PAGE, FoundTransaction, Toncenter } from '../wrappers/toncenter.js';
import { bouncedBack, exitCodeOf, headOf } from '../wrappers/transactions.js';
import { readVaultRevenue } from '../wrappers/workerVault.js';

/** Commands carry coins only for their own fees and send the rest back, so they are no payments. */
const COMMANDS: ReadonlySet<number> = new Set([
  Op.OpenEpoch, Op.PayBatch, Op.ReleaseClaims, Op.WithdrawFees, Op.PruneEpochs, Op.Claim, Op.SetOperator, Op.SetPaused, Op.UpgradeCode,
]);

/** As many payments are kept per account and as many accounts as these; older ones are read from the chain again. */
const MAX_PAYMENTS = 50_000;
const MAX_ACCOUNTS = 64;

export type Payment = NonNullable<ReturnType<typeof paymentOf>>;

interface Indexed {
  /** All payments with a logical time above `from` and up to `to` are in the list, oldest first. */
  from: bigint;
  to: bigint;
  payments: Payment[];
  refreshing: Promise<void>;
}

/**
 * Payments that accounts kept, by logical time. The index holds nothing that the chain does not have: after a restart,
 * or days of it, the first question reads the history from the asked time on, and later ones only what is new.
 */
export class IncomingPayments {
  private readonly accounts = new Map<string, Indexed>();

  constructor(private readonly chain: Toncenter, private readonly distribution: Address, private readonly maxPayments = MAX_PAYMENTS) {}

  async after(address: Address, afterLt: bigint, limit: number) {
    const account = await this.chain.account(address);
    const index = this.indexOf(address, afterLt);
    // One reading of an account at a time: two at once would write the same payments twice.
    const reading = index.refreshing.then(() => this.refresh(index, address, afterLt, account.lastLt));
    index.refreshing = reading.catch(() => {});
    await reading;
    const payments = index.payments.filter(p => BigInt(p.lt) > afterLt).slice(0, limit);
    return { payments, mc_seqno: account.mcSeqno };
  }

  private indexOf(address: Address, afterLt: bigint): Indexed {
    const key = rawAddress(address);
    const index = this.accounts.get(key) ?? { from: afterLt, to: afterLt, payments: [], refreshing: Promise.resolve() };
    // The map keeps its order of use, so the first entry is the one unused for longest.
    this.accounts.delete(key);
    this.accounts.set(key, index);
    const [oldest] = this.accounts.keys();
    if (this.accounts.size > MAX_ACCOUNTS && oldest !== undefined) this.accounts.delete(oldest);
    return index;
  }

  private async refresh(index: Indexed, address: Address, afterLt: bigint, upToLt: bigint): Promise<void> {
    if (afterLt < index.from) {
      index.payments = [];
      index.from = index.to = afterLt;
    }
    if (upToLt <= index.to) return;
    const fresh: Payment[] = [];
    for await (const found of this.chain.transactions(address, index.to, BATCHES_A_PAGE)) {
      // What a faster node knows above the committed block that was asked for waits until the next question.
      if (found.transaction.lt > upToLt) continue;
      const payment = paymentOf(found, address.equals(this.distribution));
      if (payment) fresh.push(payment);
    }
    // Only a walk that came to its end is kept; a broken one is begun again, so that nothing is left out.
    index.payments.push(...fresh.reverse());
    index.to = upToLt;
    const surplus = index.payments.length - this.maxPayments;
    // The oldest ones asked for go out first, so what may be dropped are those the question has passed.
    const passed = index.payments.findIndex(p => BigInt(p.lt) > afterLt);
    const droppable = Math.min(surplus, passed === -1 ? index.payments.length : passed);
    if (droppable > 0) index.from = BigInt(index.payments.splice(0, droppable).at(-1)!.lt);
  }
}

function paymentOf({ hash, transaction }: FoundTransaction, toDistribution: boolean) {
  const message = transaction.inMessage;
  if (message?.info.type !== 'internal' || message.info.value.coins === 0n || bouncedBack(transaction)) return null;
  const { op, queryId, comment } = headOf(message);
  if (toDistribution && op !== null && COMMANDS.has(op)) return null;
  const code = exitCodeOf(transaction);
  const vault = readVaultRevenue(message.body);
  return {
    lt: transaction.lt.toString(),
    tx_hash: hash,
    from: rawAddress(message.info.src),
    to: rawAddress(message.info.dest),
    amount_nano: message.info.value.coins.toString(),
    comment,
    op,
    query_id: queryId?.toString() ?? null,
    // What a vault says; believe it only if `from` is the vault that the gateway derives for the worker.
    worker: vault?.worker ?? null,
    cocoon_payout: vault?.payout ?? null,
    paid_by: vault === null ? null : rawAddress(vault.from),
    utime: transaction.now,
    // An account without code keeps the coins too; only code that ran and failed counts as aborted.
    aborted: code !== 0 && code !== 'skipped',
  };
}
