import { Message, Slice, Transaction } from '@ton/core';

/** 0 for success, the code of the phase that failed, or that there was nothing to run. */
export function exitCodeOf(transaction: Transaction): number | 'skipped' {
  const { description } = transaction;
  if (description.type !== 'generic') throw new Error(`a ${description.type} transaction has no message to judge`);
  if (description.computePhase.type === 'skipped') return 'skipped';
  if (description.computePhase.exitCode !== 0) return description.computePhase.exitCode;
  return description.actionPhase?.resultCode ?? 0;
}

/** Whether the message that started the transaction went back to its sender, coins and all. */
export function bouncedBack(transaction: Transaction): boolean {
  const { description } = transaction;
  return description.type === 'generic' && description.bouncePhase?.type === 'ok';
}

/**
 * All coins a transaction took out of circulation: its own fees, and the forward fees it put on its messages, of which
 * the chain collects a part later.
 */
export function feesOf(transaction: Transaction): bigint {
  const forward = transaction.outMessages.values().reduce((sum: bigint, message: Message) =>
    sum + (message.info.type === 'internal' ? message.info.forwardFee : 0n), 0n);
  return transaction.totalFees.coins + forward;
}

export interface BodyHead {
  readonly op: number | null;
  readonly queryId: bigint | null;
  readonly comment: string | null;
}

/** What anybody's body says by convention: an op code, then a query id or, for op 0, text. */
export function headOf(message: Message): BodyHead {
  const slice = message.body.beginParse();
  if (slice.remainingBits < 32) return { op: null, queryId: null, comment: null };
  const op = slice.loadUint(32);
  if (op === 0) return { op, queryId: null, comment: readComment(slice) };
  return { op, queryId: slice.remainingBits >= 64 ? slice.loadUintBig(64) : null, comment: null };
}

/** A stranger's comment may be cut anywhere; an unreadable one is no comment. */
function readComment(slice: Slice): string | null {
  try {
    return slice.loadStringTail();
  } catch {
    return null;
  }
}
