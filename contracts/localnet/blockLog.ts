import { closeSync, existsSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Where a record lies in the log: offset and length in bytes. */
export type Place = readonly [offset: number, length: number];

export interface TransactionRecord {
  readonly kind: 'transaction';
  readonly account: string;
  readonly lt: string;
  readonly hash: string;
  readonly boc: string;
  /** The account's transaction before this one, so that a history is read from disk and never held in memory. */
  readonly previous: Place | null;
}

export interface AccountRecord {
  readonly kind: 'account';
  readonly account: string;
  readonly shardAccount: string;
  readonly last: Place | null;
}

export interface BlockRecord {
  readonly kind: 'block';
  readonly seqno: number;
  readonly time: number;
  readonly lt: string;
  /** Internal messages on their way to the next block; null when they are as after the block before. */
  readonly queue: readonly string[] | null;
}

type LogRecord = TransactionRecord | AccountRecord | BlockRecord;

/**
 * The append-only file that is the local chain. A block is a run of transaction and account lines closed by its block
 * line, written at once and synced before anybody hears of the block; whatever follows the last block line after a
 * crash was never confirmed and is cut off.
 */
export class BlockLog {
  private readonly file: number;
  private end: number;

  private constructor(path: string, end: number) {
    this.file = openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600);
    this.end = end;
    if (fstatSync(this.file).size > end) ftruncateSync(this.file, end);
  }

  static open(folder: string, restore: (accounts: readonly AccountRecord[], block: BlockRecord) => void): BlockLog {
    const path = join(folder, 'blocks.jsonl');
    return new BlockLog(path, existsSync(path) ? replay(readFileSync(path), restore) : 0);
  }

  get bytes(): number {
    return this.end;
  }

  /**
   * Writes a block. Transactions are laid out first, because account records point at their places.
   * An empty block only moves time on, so it is not worth a sync: losing it loses nothing that was confirmed.
   */
  append(transactions: TransactionRecord[], accounts: AccountRecord[], block: BlockRecord): void {
    const lines = [...transactions, ...accounts, block].map(record => JSON.stringify(record) + '\n').join('');
    const bytes = Buffer.from(lines, 'latin1');
    for (let written = 0; written < bytes.length;)
      written += writeSync(this.file, bytes, written, bytes.length - written, this.end + written);
    if (transactions.length > 0 || block.queue !== null) fdatasyncSync(this.file);
    this.end += bytes.length;
  }

  readTransaction([offset, length]: Place): TransactionRecord {
    const bytes = Buffer.alloc(length);
    readSync(this.file, bytes, 0, length, offset);
    return JSON.parse(bytes.toString('latin1')) as TransactionRecord;
  }

  close(): void {
    fdatasyncSync(this.file);
    closeSync(this.file);
  }
}

/** The bytes a record takes in the log, its line end included. */
export function lengthOf(record: TransactionRecord): number {
  return JSON.stringify(record).length + 1;
}

function replay(bytes: Buffer, restore: (accounts: readonly AccountRecord[], block: BlockRecord) => void): number {
  let committed = 0;
  let accounts: AccountRecord[] = [];
  for (let start = 0; ;) {
    const newline = bytes.indexOf(0x0a, start);
    if (newline < 0) return committed;
    const record = parseLine(bytes, start, newline);
    if (record === null) return committed;
    start = newline + 1;
    if (record.kind === 'account') accounts.push(record);
    if (record.kind === 'block') {
      restore(accounts, record);
      accounts = [];
      committed = start;
    }
  }
}

/** A damaged line is the torn end of a write, unless confirmed blocks follow it: then the file itself is damaged. */
function parseLine(bytes: Buffer, start: number, newline: number): LogRecord | null {
  try {
    return JSON.parse(bytes.toString('latin1', start, newline)) as LogRecord;
  } catch {
    if (bytes.includes('{"kind":"block"', newline))
      throw new Error(`blocks.jsonl is damaged at byte ${start}, before its end: restore it from a copy or start with an empty state folder`);
    return null;
  }
}
