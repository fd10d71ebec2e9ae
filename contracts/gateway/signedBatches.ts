import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface SignedBatch {
  readonly epoch: number;
  readonly batch: number;
  readonly list_hash: string;
  readonly amount_nano: string;
  /** UTC day of the first signature, as 2026-08-31. */
  readonly day: string;
}

/**
 * The gateway's only memory: which list it signed for which batch. A line is on disk before the signature leaves the
 * process, so that not even a crash lets two lists be signed for one batch.
 */
export class SignedBatches {
  private readonly file: number;
  private readonly byBatch = new Map<string, SignedBatch>();

  constructor(folder: string) {
    const path = join(folder, 'signed-batches.jsonl');
    if (existsSync(path)) this.load(path);
    this.file = openSync(path, 'a', 0o600);
  }

  find(epoch: number, batch: number): SignedBatch | undefined {
    return this.byBatch.get(`${epoch}/${batch}`);
  }

  sumOf(matches: (record: SignedBatch) => boolean): bigint {
    let sum = 0n;
    for (const record of this.byBatch.values()) if (matches(record)) sum += BigInt(record.amount_nano);
    return sum;
  }

  add(record: SignedBatch): void {
    writeSync(this.file, JSON.stringify(record) + '\n');
    fsyncSync(this.file);
    this.byBatch.set(`${record.epoch}/${record.batch}`, record);
  }

  close(): void {
    closeSync(this.file);
  }

  /** A last line without its end was never answered with a signature and is cut off; any other damage stops the start. */
  private load(path: string): void {
    const text = readFileSync(path, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
    for (const [number, line] of text.slice(0, end).split('\n').entries()) {
      if (line === '') continue;
      const record = parse(line);
      if (record === null) throw new Error(`${path} line ${number + 1} is damaged: restore the file, without it a batch could be signed twice`);
      this.byBatch.set(`${record.epoch}/${record.batch}`, record);
    }
  }
}

function parse(line: string): SignedBatch | null {
  try {
    const record = JSON.parse(line) as SignedBatch;
    return typeof record.epoch === 'number' && typeof record.batch === 'number' && /^[0-9a-f]{64}$/.test(record.list_hash)
      && /^\d+$/.test(record.amount_nano) ? record : null;
  } catch {
    return null;
  }
}
