import { totalOf } from '../wrappers/payoutList.js';
import { GatewayError } from './errors.js';
import { PolicyOptions } from './policyOptions.js';
import { OpenEpochRequest, PayBatchRequest, Validity } from './requests.js';
import { SignedBatches } from './signedBatches.js';

type Rule = 'list_conflict' | 'max_nano_per_epoch' | 'max_nano_per_day' | 'max_validity_seconds';

/**
 * Decides what may be signed. The destination is not a question here: the signer knows one contract and has no way to
 * name another.
 */
export class SigningPolicy {
  private signed = 0;
  private readonly refused = new Map<Rule, number>();

  constructor(private readonly options: PolicyOptions, private readonly batches: SignedBatches,
    private readonly now = () => Date.now()) {}

  allowOpenEpoch({ terms, validUntil }: OpenEpochRequest): void {
    this.checkValidity(validUntil);
    this.checkEpochLimit(terms.epoch, terms.totalNano + terms.feeNano);
    this.signed++;
  }

  /** Lets a batch pass and remembers its list before returning, or throws and remembers nothing. */
  allowPayBatch(request: PayBatchRequest): void {
    const { epoch, batch, listHash } = request;
    this.checkValidity(request.validUntil);
    const earlier = this.batches.find(epoch, batch);
    if (earlier && earlier.list_hash !== listHash)
      throw this.refuse('list_conflict', `epoch ${epoch} batch ${batch} was signed with list ${earlier.list_hash}; another list for it is never signed`);
    if (!earlier) {
      const amount = totalOf(request.payouts);
      const day = new Date(this.now()).toISOString().slice(0, 10);
      this.checkEpochLimit(epoch, this.batches.sumOf(r => r.epoch === epoch) + amount);
      const onDay = this.batches.sumOf(r => r.day === day) + amount;
      if (onDay > this.options.maxNanoPerDay)
        throw this.refuse('max_nano_per_day', `${day} would reach ${onDay} nanoTON, the limit is ${this.options.maxNanoPerDay}`);
      this.batches.add({ epoch, batch, list_hash: listHash, amount_nano: amount.toString(), day });
    }
    this.signed++;
  }

  counters() {
    return { signed: this.signed, refused: Object.fromEntries(this.refused) };
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
    return new GatewayError(rule === 'list_conflict' ? 'list_conflict' : 'policy_refused', `${rule}: ${message}`);
  }
}
