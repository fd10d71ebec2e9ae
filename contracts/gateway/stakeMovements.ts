import { Address, Message, Transaction } from '@ton/core';
import { Op } from '../wrappers/operations.js';
import { BURN_ADDRESS, TOP_UP_FEES_NANO } from '../wrappers/stakeAccount.js';
import { FoundTransaction, Toncenter } from '../wrappers/toncenter.js';
import { exitCodeOf, headOf } from '../wrappers/transactions.js';

/** What one transaction did to a stake. Only `deposited`, `withdrawn` and `slashed` change its amount. */
export type MovementKind = 'deposited' | 'withdrawal_requested' | 'withdrawal_cancelled' | 'withdrawn' | 'slashed';

interface Effect {
  readonly kind: MovementKind;
  readonly amountNano: bigint;
  readonly slashId?: bigint;
}

/**
 * The movements of one stake account above a logical time, oldest first, up to the account's state at one committed block.
 * What is told is what the account's code did: transactions that failed, and coins that it does not count as stake, are none.
 */
export async function stakeMovements(chain: Toncenter, address: Address, lastLt: bigint, afterLt: bigint, limit: number) {
  const found: FoundTransaction[] = [];
  // What a faster node knows above the committed block waits until the next question.
  if (lastLt > afterLt) for await (const each of chain.transactions(address, afterLt)) if (each.transaction.lt <= lastLt) found.push(each);
  const all = found.reverse().flatMap(each => movementOf(each) ?? []);
  const movements = all.slice(0, limit);
  const isAll = movements.length === all.length;
  const readTo = isAll ? lastLt : BigInt(movements.at(-1)?.lt ?? afterLt);
  return { movements, is_all: isAll, read_to_lt: (readTo > afterLt ? readTo : afterLt).toString() };
}

function movementOf({ hash, transaction }: FoundTransaction) {
  const effect = effectOf(transaction);
  return effect && {
    lt: transaction.lt.toString(), tx_hash: hash, kind: effect.kind, amount_nano: effect.amountNano.toString(),
    slash_id: effect.slashId?.toString() ?? null, utime: transaction.now,
  };
}

/** The account checks who may command what, so a command that succeeded was the right sender's. */
function effectOf(transaction: Transaction): Effect | null {
  const message = transaction.inMessage;
  if (message?.info.type !== 'internal' || transaction.description.type !== 'generic' || exitCodeOf(transaction) !== 0) return null;
  const body = message.body.beginParse();
  switch (headOf(message).op) {
    case Op.Deposit:
      body.skip(32 + 64).loadAddress();
      return { kind: 'deposited', amountNano: body.loadCoins() };
    case Op.TopUp:
      return { kind: 'deposited', amountNano: message.info.value.coins - TOP_UP_FEES_NANO };
    case Op.RequestWithdrawal:
      return { kind: 'withdrawal_requested', amountNano: body.skip(32 + 64).loadCoins() };
    case Op.CancelWithdrawal:
      return { kind: 'withdrawal_cancelled', amountNano: 0n };
    case Op.CompleteWithdrawal:
      return { kind: 'withdrawn', amountNano: sent(transaction, each => headOf(each).op === null) };
    case Op.ExecuteSlash: {
      const slashId = body.skip(32 + 64).loadUintBig(64);
      body.loadAddress();
      // A case that was executed before changes nothing, and then nothing is burned.
      const executed = outMessages(transaction).some(each => each.info.type === 'internal' && each.info.dest.equals(BURN_ADDRESS));
      return executed ? { kind: 'slashed', amountNano: body.loadCoins(), slashId } : null;
    }
    default:
      return null;
  }
}

const outMessages = (transaction: Transaction): readonly Message[] => transaction.outMessages.values();

function sent(transaction: Transaction, which: (message: Message) => boolean): bigint {
  return outMessages(transaction).filter(which).reduce((sum, { info }) => sum + (info.type === 'internal' ? info.value.coins : 0n), 0n);
}
