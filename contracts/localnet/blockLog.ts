import { closeSync, existsSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
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

/** How much of the log is read at once when the chain starts. */
const PIECE_BYTES = 4 << 20;

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
    return new BlockLog(path, existsSync(path) ? replay(path, restore) : 0);
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

/**
 * Reads the log from its beginning, a piece at a time, since it may be larger than memory. Returns where the last whole
 * block ends. A damaged line is the torn end of a write, unless confirmed blocks follow it: then the file is damaged.
 */
function replay(path: string, restore: (accounts: readonly AccountRecord[], block: BlockRecord) => void): number {
  let committed = 0;
  let damagedAt: number | null = null;
  let accounts: AccountRecord[] = [];
  for (const { text, start, end } of linesOf(path)) {
    const record = parseLine(text);
    if (record === null) {
      damagedAt ??= start;
    } else if (damagedAt !== null) {
      if (record.kind === 'block')
        throw new Error(`blocks.jsonl is damaged at byte ${damagedAt}, before its end: restore it from a copy or start with an empty state folder`);
    } else if (record.kind === 'account') {
      accounts.push(record);
    } else if (record.kind === 'block') {
      restore(accounts, record);
      accounts = [];
      committed = end;
    }
  }
  return committed;
}

function* linesOf(path: string): Generator<{ text: string; start: number; end: number }> {
  const file = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    let rest = Buffer.alloc(0);
    let start = 0;
    for (let read = readSync(file, piece, 0, PIECE_BYTES, null); read > 0; read = readSync(file, piece, 0, PIECE_BYTES, null)) {
      const bytes = Buffer.concat([rest, piece.subarray(0, read)]);
      let from = 0;
      for (let newline = bytes.indexOf(0x0a); newline >= 0; newline = bytes.indexOf(0x0a, from)) {
        const end = start + newline - from + 1;
        yield { text: bytes.toString('latin1', from, newline), start, end };
        start = end;
        from = newline + 1;
      }
      rest = bytes.subarray(from);
    }
  } finally {
    closeSync(file);
  }
}

function parseLine(text: string): LogRecord | null {
  try {
    return JSON.parse(text) as LogRecord;
  } catch {
    return null;
  }
}
