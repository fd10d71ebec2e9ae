import { join } from 'node:path';
import { Journal } from './journal.js';

export interface SignedCommand {
  /** What may have only one content, such as "slash/17" or "epoch/52". */
  readonly key: string;
  /** Hash of the body that was signed for it, without its query id. */
  readonly content: string;
  /** nanoTON it takes from somebody, "0" if none. */
  readonly amount_nano: string;
  readonly day: string;
}

/** The content of every command that has a number of its own: the same number is never signed with other content. */
export class SignedCommands {
  private readonly byKey = new Map<string, SignedCommand>();
  private readonly ofDay = new Map<string, bigint>();
  private readonly journal: Journal<SignedCommand>;

  constructor(folder: string) {
    this.journal = new Journal(join(folder, 'signed-commands.jsonl'), parse, record => this.remember(record));
  }

  find(key: string): SignedCommand | undefined {
    return this.byKey.get(key);
  }

  /** What commands of one kind, the part of the key before the slash, took on a day. */
  nanoOfDay(kind: string, day: string): bigint {
    return this.ofDay.get(`${kind} ${day}`) ?? 0n;
  }

  add(record: SignedCommand): void {
    this.journal.append(record);
    this.remember(record);
  }

  close(): void {
    this.journal.close();
  }

  private remember(record: SignedCommand): void {
    const kindAndDay = `${record.key.split('/')[0]} ${record.day}`;
    this.byKey.set(record.key, record);
    this.ofDay.set(kindAndDay, (this.ofDay.get(kindAndDay) ?? 0n) + BigInt(record.amount_nano));
  }
}

function parse(value: unknown): SignedCommand | null {
  const record = value as SignedCommand;
  return typeof record.key === 'string' && /^[0-9a-f]{64}$/.test(record.content) && /^\d+$/.test(record.amount_nano)
    && typeof record.day === 'string' ? record : null;
}
