import { totalOf } from '../wrappers/payoutList.js';
import { Command } from './commands.js';
import { EntryRules, ProvenDead } from './entryRules.js';
import { GatewayError } from './errors.js';
import { PolicyOptions } from './policyOptions.js';
import { OpenEpochRequest, PayBatchRequest, Validity } from './requests.js';
import { SignedBatches } from './signedBatches.js';
import { SignedCommands } from './signedCommands.js';
import { SignedEntries } from './signedEntries.js';

type Rule = 'list_conflict' | 'content_conflict' | 'entry_conflict' | 'max_nano_per_epoch' | 'max_nano_per_day' | 'max_slash_nano_per_day' | 'max_validity_seconds'
  | 'destination';

/**
 * Decides what may be signed. Nothing here trusts the silo: whoever holds its token can at most do what these rules and
 * the contracts allow. What passes is remembered on disk before the signature exists.
 */
export class SigningPolicy {
  private signed = 0;
  private readonly refused = new Map<Rule, number>();

  constructor(private readonly options: PolicyOptions, private readonly batches: SignedBatches, private readonly commands: SignedCommands,
    private readonly entries: SignedEntries, private readonly rules: EntryRules, private readonly now = () => Date.now()) {}

  allowOpenEpoch(request: OpenEpochRequest): void {
    const { terms, validUntil } = request;
    this.checkValidity(validUntil);
    this.checkEpochLimit(terms.epoch, terms.totalNano + terms.feeNano);
    this.remember({ key: `epoch/${terms.epoch}`, content: request.content, amountNano: 0n });
    this.entries.opened(terms.epoch, terms.claimFrom);
    this.signed++;
  }

  /** Lets a batch pass and remembers its list before returning, or throws and remembers nothing. */
  allowPayBatch(request: PayBatchRequest, proven: ProvenDead): void {
    const { epoch, batch, listHash, indexes } = request;
    this.checkValidity(request.validUntil);
    const earlier = this.batches.find(epoch, batch);
    if (earlier && earlier.list_hash !== listHash)
      throw this.refuse('list_conflict', `epoch ${epoch} batch ${batch} was signed with list ${earlier.list_hash}; another list for it is never signed`);
    const objection = this.rules.objectToBatch(epoch, batch, indexes, proven);
    if (objection !== null) throw this.refuse('entry_conflict', objection);
    if (!earlier) {
      const amount = totalOf(request.payouts);
      const day = this.today();
      this.checkEpochLimit(epoch, this.batches.nanoOfEpoch(epoch) - this.nanoWithoutEffect(epoch, proven) + amount);
      const onDay = this.batches.nanoOfDay(day) + amount;
      if (onDay > this.options.maxNanoPerDay)
        throw this.refuse('max_nano_per_day', `${day} would reach ${onDay} nanoTON, the limit is ${this.options.maxNanoPerDay}`);
      // The entries first: remembered without a list they only bind more, a list without its entries would bind less.
      this.rules.giveUp(epoch, indexes, batch);
      this.entries.paid(epoch, batch, indexes);
      this.batches.add({ epoch, batch, list_hash: listHash, amount_nano: amount.toString(), day });
    }
    this.signed++;
  }

  /** Notes the message before it leaves the process, so that its end can be looked up. */
  signedBatch(request: PayBatchRequest, hash: string): void {
    this.entries.signed(request.epoch, request.batch, hash, request.validUntil);
  }

  /** Lets entries be released for claiming that no batch pays. */
  allowRelease(epoch: number, indexes: readonly number[], proven: ProvenDead): void {
    const objection = this.rules.objectToRelease(epoch, indexes, proven);
    if (objection !== null) throw this.refuse('entry_conflict', objection);
    this.rules.giveUp(epoch, indexes, null);
    this.entries.release(epoch, indexes);
  }

  /** Every other command: its contract must be one of the pool's, and one with a number of its own has one content. */
  allowCommand(command: Command): void {
    this.checkValidity(command.validUntil);
    if (command.once) this.remember(command.once);
    this.signed++;
  }

  /** A relay may only bring coins home; the signer asks before it builds one. */
  refuseDestination(message: string): GatewayError {
    return this.refuse('destination', message);
  }

  counters() {
    return {
      signed: this.signed,
      refused: Object.fromEntries(this.refused),
      signed_today_nano: this.batches.nanoOfDay(this.today()).toString(),
      slashed_today_nano: this.commands.nanoOfDay('slash', this.today()).toString(),
      limits: {
        max_nano_per_epoch: this.options.maxNanoPerEpoch.toString(),
        max_nano_per_day: this.options.maxNanoPerDay.toString(),
        max_slash_nano_per_day: this.options.maxSlashNanoPerDay.toString(),
        max_validity_seconds: this.options.maxValiditySeconds.toString(),
      },
    };
  }

  private remember({ key, content, amountNano }: { key: string; content: string; amountNano: bigint }): void {
    const earlier = this.commands.find(key);
    if (earlier) {
      if (earlier.content === content) return;
      throw this.refuse('content_conflict', `${key} was signed with other content; it is never signed with two`);
    }
    const day = this.today();
    const onDay = this.commands.nanoOfDay('slash', day) + amountNano;
    if (amountNano > 0n && onDay > this.options.maxSlashNanoPerDay)
      throw this.refuse('max_slash_nano_per_day', `${day} would reach ${onDay} nanoTON of slashes, the limit is ${this.options.maxSlashNanoPerDay}`);
    this.commands.add({ key, content, amount_nano: amountNano.toString(), day });
  }

  /** What was signed for batches that have been given up, or are now: their entries count where they are signed anew. */
  private nanoWithoutEffect(epoch: number, proven: ProvenDead): bigint {
    return [...new Set([...this.entries.givenUpOf(epoch), ...proven.keys()])].reduce((sum, batch) => sum + BigInt(this.batches.find(epoch, batch)?.amount_nano ?? 0n), 0n);
  }

  private today(): string {
    return new Date(this.now()).toISOString().slice(0, 10);
  }

  private checkEpochLimit(epoch: number, nano: bigint): void {
    if (nano > this.options.maxNanoPerEpoch)
      throw this.refuse('max_nano_per_epoch', `epoch ${epoch} would reach ${nano} nanoTON, the limit is ${this.options.maxNanoPerEpoch}`);
  }

  private checkValidity(validUntil: Validity['validUntil']): void {
    const latest = Math.floor(this.now() / 1000) + Number(this.options.maxValiditySeconds);
    if (validUntil > latest)
      throw this.refuse('max_validity_seconds', `valid_until ${validUntil} is more than ${this.options.maxValiditySeconds} seconds ahead (latest now: ${latest})`);
  }

  private refuse(rule: Rule, message: string): GatewayError {
    this.refused.set(rule, (this.refused.get(rule) ?? 0) + 1);
    const conflict = rule === 'list_conflict' || rule === 'content_conflict';
    return new GatewayError(conflict ? 'list_conflict' : rule === 'entry_conflict' ? rule : 'policy_refused', `${rule}: ${message}`);
  }
}
