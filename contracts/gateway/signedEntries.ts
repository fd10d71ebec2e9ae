import { join } from 'node:path';
import { Journal } from './journal.js';

/** What happened to entries of an epoch; exactly one of the optional members says what. */
interface EntryRecord {
  readonly epoch: number;
  /** Entries from this index on are claimed: the epoch was opened so. */
  readonly claim_from?: number;
  /** These entries were signed for this batch. */
  readonly batch?: { readonly number: number; readonly indexes: readonly number[] };
  /** A message for this batch was signed. */
  readonly message?: { readonly batch: number; readonly hash: string; readonly valid_until: number };
  /** The chain has proven that no message for this batch had or can have an effect; it is never signed again. */
  readonly given_up?: number;
  /** These entries were signed to be released for claiming. */
  readonly released?: readonly number[];
}

export interface SignedBatchMessage {
  readonly hash: string;
  readonly validUntil: number;
}

class EpochEntries {
  claimFrom: number | null = null;
  readonly batches = new Map<number, Uint32Array>();
  readonly messages = new Map<number, SignedBatchMessage[]>();
  readonly givenUp = new Set<number>();
  readonly released = new Set<number>();
}

/**
 * In which way each entry of an epoch was signed to reach its owner: in one batch, or released for claiming. The contract
 * counts entries and does not know them, so this memory is what keeps one entry from being paid in two ways. A line is
 * on disk before the signature leaves the process.
 */
export class SignedEntries {
  private readonly epochs = new Map<number, EpochEntries>();
  private readonly journal: Journal<EntryRecord>;

  constructor(folder: string) {
    this.journal = new Journal(join(folder, 'signed-entries.jsonl'), parse, record => this.remember(record));
  }

  claimFrom(epoch: number): number | null {
    return this.epochs.get(epoch)?.claimFrom ?? null;
  }

  isReleased(epoch: number, index: number): boolean {
    return this.epochs.get(epoch)?.released.has(index) ?? false;
  }

  isGivenUp(epoch: number, batch: number): boolean {
    return this.epochs.get(epoch)?.givenUp.has(batch) ?? false;
  }

  givenUpOf(epoch: number): Iterable<number> {
    return this.epochs.get(epoch)?.givenUp ?? [];
  }

  messagesOf(epoch: number, batch: number): readonly SignedBatchMessage[] {
    return this.epochs.get(epoch)?.messages.get(batch) ?? [];
  }

  /** The entries that a batch was signed for; null if it was not. */
  entriesOf(epoch: number, batch: number): ReadonlySet<number> | null {
    const known = this.epochs.get(epoch)?.batches.get(batch);
    return known === undefined ? null : new Set(known);
  }

  /** The batches, beside one, that any of the entries was signed for and that are not given up. */
  batchesOf(epoch: number, indexes: readonly number[], except: number | null): number[] {
    const known = this.epochs.get(epoch);
    if (known === undefined) return [];
    const wanted = new Set(indexes);
    return [...known.batches].filter(([batch, signed]) => batch !== except && !known.givenUp.has(batch) && signed.some(index => wanted.has(index))).map(([batch]) => batch);
  }

  opened(epoch: number, claimFrom: number): void {
    if (this.claimFrom(epoch) === null) this.add({ epoch, claim_from: claimFrom });
  }

  paid(epoch: number, batch: number, indexes: readonly number[]): void {
    if (!this.epochs.get(epoch)?.batches.has(batch)) this.add({ epoch, batch: { number: batch, indexes } });
  }

  signed(epoch: number, batch: number, hash: string, validUntil: number): void {
    this.add({ epoch, message: { batch, hash, valid_until: validUntil } });
  }

  giveUp(epoch: number, batch: number): void {
    if (!this.isGivenUp(epoch, batch)) this.add({ epoch, given_up: batch });
  }

  release(epoch: number, indexes: readonly number[]): void {
    const fresh = indexes.filter(index => !this.isReleased(epoch, index));
    if (fresh.length > 0) this.add({ epoch, released: fresh });
  }

  close(): void {
    this.journal.close();
  }

  private add(record: EntryRecord): void {
    this.journal.append(record);
    this.remember(record);
  }

  private remember(record: EntryRecord): void {
    const known = this.epochs.get(record.epoch) ?? new EpochEntries();
    this.epochs.set(record.epoch, known);
    if (record.claim_from !== undefined) known.claimFrom = record.claim_from;
    if (record.batch !== undefined) known.batches.set(record.batch.number, Uint32Array.from(record.batch.indexes));
    if (record.given_up !== undefined) known.givenUp.add(record.given_up);
    for (const index of record.released ?? []) known.released.add(index);
    if (record.message !== undefined) {
      const { batch, hash, valid_until: validUntil } = record.message;
      known.messages.set(batch, [...known.messages.get(batch) ?? [], { hash, validUntil }]);
    }
  }
}

function parse(value: unknown): EntryRecord | null {
  const record = value as EntryRecord;
  const numbers = (list: unknown) => Array.isArray(list) && list.every(Number.isInteger);
  const whole = typeof record.epoch === 'number'
    && (record.claim_from === undefined || Number.isInteger(record.claim_from))
    && (record.given_up === undefined || Number.isInteger(record.given_up))
    && (record.released === undefined || numbers(record.released))
    && (record.batch === undefined || (Number.isInteger(record.batch.number) && numbers(record.batch.indexes)))
    && (record.message === undefined || (Number.isInteger(record.message.batch) && /^[0-9a-f]{64}$/.test(record.message.hash) && Number.isInteger(record.message.valid_until)));
  return whole ? record : null;
}
