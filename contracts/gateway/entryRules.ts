import { Toncenter } from '../wrappers/toncenter.js';
import { Contracts } from './contracts.js';
import { outcomeOf } from './outcome.js';
import { Reader } from './reader.js';
import { SignedEntries } from './signedEntries.js';

/** Batches whose entries may be signed in another way, with how many messages had been signed for each when this was proven. */
export type ProvenDead = ReadonlyMap<number, number>;

/** What a second look finds wrong with signing entries, in words; null if nothing. */
export type Objection = string | null;

/**
 * No entry is signed for two ways out of the contract. Only a batch that the chain proves to be without effect, now and
 * for ever, gives its entries free; asking the chain takes time, so the rules are checked again when the answer is there.
 */
export class EntryRules {
  constructor(private readonly entries: SignedEntries) {}

  /** Asks the chain about the batches that stand in the way; none, usually, and then nothing is asked. */
  async prove(chain: Toncenter, reader: Reader, contracts: Contracts, epoch: number, indexes: readonly number[], batch: number | null): Promise<ProvenDead> {
    const proven = new Map<number, number>();
    for (const other of this.entries.batchesOf(epoch, indexes, batch)) {
      const messages = this.entries.messagesOf(epoch, other);
      const outcomes = await Promise.all(messages.map(message => outcomeOf(chain, reader, contracts, message.hash)));
      const ended = outcomes.every((outcome, i) => outcome.state === 'refused' || outcome.state === 'not_sent'
        || (outcome.state === 'not_landed' && outcome.chain_time > messages[i]!.validUntil));
      // Without a message nothing ever left the process. The state last: what happened before the messages ended, it shows.
      if (ended && !(await reader.epochState(epoch)).batches.some(done => done.index === other)) proven.set(other, messages.length);
    }
    return proven;
  }

  objectToBatch(epoch: number, batch: number, indexes: readonly number[], proven: ProvenDead): Objection {
    if (this.entries.isGivenUp(epoch, batch)) return `batch ${batch} of epoch ${epoch} was given up for others; its number is not used again`;
    const before = this.entries.entriesOf(epoch, batch);
    if (before !== null && (before.size !== indexes.length || !indexes.every(index => before.has(index)))) return `batch ${batch} of epoch ${epoch} was signed for other entries`;
    const claimFrom = this.entries.claimFrom(epoch);
    const claimed = indexes.find(index => (claimFrom !== null && index >= claimFrom) || this.entries.isReleased(epoch, index));
    if (claimed !== undefined) return `entry ${claimed} of epoch ${epoch} is claimed by its owner and not sent`;
    return this.stillAlive(epoch, indexes, batch, proven);
  }

  objectToRelease(epoch: number, indexes: readonly number[], proven: ProvenDead): Objection {
    return this.stillAlive(epoch, indexes, null, proven);
  }

  /** After the last objection was answered: what the proof gave free is never signed again in the old way. */
  giveUp(epoch: number, indexes: readonly number[], batch: number | null): void {
    for (const other of this.entries.batchesOf(epoch, indexes, batch)) this.entries.giveUp(epoch, other);
  }

  private stillAlive(epoch: number, indexes: readonly number[], batch: number | null, proven: ProvenDead): Objection {
    const alive = this.entries.batchesOf(epoch, indexes, batch).find(other => proven.get(other) !== this.entries.messagesOf(epoch, other).length);
    return alive === undefined ? null : `some entries were signed for batch ${alive} of epoch ${epoch}, and the chain does not prove that it will never be paid`;
  }
}
