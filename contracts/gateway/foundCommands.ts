import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Address } from '@ton/core';
import { rawAddress } from '../wrappers/address.js';

export interface CommandTransaction {
  readonly txHash: string;
  readonly lt: string;
  /** Fees of the contract's transaction, the wallet's transaction and all messages between and after them. */
  readonly feeNano: bigint;
}

/** A line of the file; exactly one member says what. */
type Line = { readonly of: string } | { readonly command: readonly [string, string, string, string] } | { readonly claim: readonly [string, string] } | { readonly read: readonly [string, string] };

/**
 * What was found in the contract's history, and up to where it was read. The file only saves time: nothing is signed by it, so it is not
 * synced, and one that is damaged or of another contract is begun anew from the chain.
 */
export class FoundCommands {
  /** By epoch and batch, as in "7/0". */
  readonly commands = new Map<string, CommandTransaction>();
  /** Hashes of the transactions that paid claims, by epoch and entry. */
  readonly claims = new Map<string, string>();
  private readonly reads = new Map<string, bigint>();
  private readonly path: string | null;

  /** @param where the folder of the file and the contract that it is about; null keeps everything in memory alone. */
  constructor(where: { readonly folder: string; readonly contract: Address } | null) {
    this.path = where === null ? null : join(where.folder, 'found-commands.jsonl');
    if (where === null || this.path === null) return;
    const contract = rawAddress(where.contract);
    if (existsSync(this.path)) this.load(this.path, contract);
    // Written again at each start, without the positions that later ones have overtaken.
    const lines: Line[] = [{ of: contract },
      ...[...this.commands].map(([key, c]): Line => ({ command: [key, c.txHash, c.lt, c.feeNano.toString()] })),
      ...[...this.claims].map(([key, hash]): Line => ({ claim: [key, hash] })),
      ...[...this.reads].map(([name, lt]): Line => ({ read: [name, lt.toString()] }))];
    writeFileSync(`${this.path}.new`, lines.map(line => JSON.stringify(line) + '\n').join(''), { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
  }

  /** Up to which logical time the history of this name was read. */
  readTo(name: string): bigint {
    return this.reads.get(name) ?? 0n;
  }

  keepCommand(epoch: number, batch: number, transaction: CommandTransaction): void {
    this.keep({ command: [`${epoch}/${batch}`, transaction.txHash, transaction.lt, transaction.feeNano.toString()] });
  }

  keepClaim(epoch: number, index: number, txHash: string): void {
    this.keep({ claim: [`${epoch}/${index}`, txHash] });
  }

  keepReadTo(name: string, lt: bigint): void {
    if (lt > this.readTo(name)) this.keep({ read: [name, lt.toString()] });
  }

  private keep(line: Line): void {
    this.remember(line);
    if (this.path !== null) appendFileSync(this.path, JSON.stringify(line) + '\n');
  }

  private remember(line: Line): void {
    if ('command' in line) this.commands.set(line.command[0], { txHash: line.command[1], lt: line.command[2], feeNano: BigInt(line.command[3]) });
    else if ('claim' in line) this.claims.set(...line.claim);
    else if ('read' in line) this.reads.set(line.read[0], BigInt(line.read[1]));
  }

  private load(path: string, contract: string): void {
    try {
      const [head, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line) as Line);
      if (head === undefined || !('of' in head) || head.of !== contract) return;
      for (const line of lines) this.remember(line);
    } catch {
      for (const known of [this.commands, this.claims, this.reads]) known.clear();
    }
  }
}
