import { Address } from '@ton/core';
import { rawAddress } from '../wrappers/address.js';
import { Op } from '../wrappers/operations.js';
import { FoundTransaction, Toncenter } from '../wrappers/toncenter.js';
import { bouncedBack, exitCodeOf, headOf } from '../wrappers/transactions.js';

/** Commands carry coins only for their own fees and send the rest back, so they are no payments. */
const COMMANDS: ReadonlySet<number> = new Set([Op.OpenEpoch, Op.PayBatch, Op.WithdrawFees]);

/** Payments that an account kept, oldest first, after a logical time. */
export async function incomingPayments(chain: Toncenter, address: Address, distribution: Address, afterLt: bigint, limit: number) {
  const { mcSeqno } = await chain.account(address);
  const payments = [];
  for await (const found of chain.transactions(address, afterLt)) {
    const payment = paymentOf(found, address.equals(distribution));
    if (payment) payments.push(payment);
  }
  payments.reverse();
  return { payments: payments.slice(0, limit), mc_seqno: mcSeqno };
}

function paymentOf({ hash, transaction }: FoundTransaction, toDistribution: boolean) {
  const message = transaction.inMessage;
  if (message?.info.type !== 'internal' || message.info.value.coins === 0n || bouncedBack(transaction)) return null;
  const { op, queryId, comment } = headOf(message);
  if (toDistribution && op !== null && COMMANDS.has(op)) return null;
  const code = exitCodeOf(transaction);
  return {
    lt: transaction.lt.toString(),
    tx_hash: hash,
    from: rawAddress(message.info.src),
    to: rawAddress(message.info.dest),
    amount_nano: message.info.value.coins.toString(),
    comment,
    op,
    query_id: queryId?.toString() ?? null,
    utime: transaction.now,
    // An account without code keeps the coins too; only code that ran and failed counts as aborted.
    aborted: code !== 0 && code !== 'skipped',
  };
}
