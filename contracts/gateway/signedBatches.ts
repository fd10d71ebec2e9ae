import { join } from 'node:path';
import { Journal } from './journal.js';

export interface SignedBatch {
  readonly epoch: number;
  readonly batch: number;
  readonly list_hash: string;
  readonly amount_nano: string;
  /** UTC day of the first signature, as 2026-08-31. */
  readonly day: string;
}

/**
 * Which list was signed for which batch. A line is on disk before the signature leaves the process, so that not even a
 * crash lets two lists be signed for one batch.
 */
export class SignedBatches {
  private readonly byBatch = new Map<string, SignedBatch>();
  private readonly ofEpoch = new Map<number, bigint>();
  private readonly ofDay = new Map<string, bigint>();
  private readonly journal: Journal<SignedBatch>;

  constructor(folder: string) {
    this.journal = new Journal(join(folder, 'signed-batches.jsonl'), parse, record => this.remember(record));
  }

  find(epoch: number, batch: number): SignedBatch | undefined {
    return this.byBatch.get(`${epoch}/${batch}`);
  }

  nanoOfEpoch(epoch: number): bigint {
    return this.ofEpoch.get(epoch) ?? 0n;
  }

  nanoOfDay(day: string): bigint {
    return this.ofDay.get(day) ?? 0n;
  }

  add(record: SignedBatch): void {
    this.journal.append(record);
    this.remember(record);
  }

  close(): void {
    this.journal.close();
  }

  private remember(record: SignedBatch): void {
    const amount = BigInt(record.amount_nano);
    this.byBatch.set(`${record.epoch}/${record.batch}`, record);
    this.ofEpoch.set(record.epoch, this.nanoOfEpoch(record.epoch) + amount);
    this.ofDay.set(record.day, this.nanoOfDay(record.day) + amount);
  }
}

function parse(value: unknown): SignedBatch | null {
  const record = value as SignedBatch;
  return typeof record.epoch === 'number' && typeof record.batch === 'number' && /^[0-9a-f]{64}$/.test(record.list_hash)
    && /^\d+$/.test(record.amount_nano) ? record : null;
}
