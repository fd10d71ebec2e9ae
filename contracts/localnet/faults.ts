/** What a test may do to messages from outside. Probabilities are between 0 and 1. */
export interface FaultSettings {
  /** Probability that an accepted message is silently lost. */
  readonly drop: number;
  /** Blocks that a message waits before it is tried. */
  readonly delay_blocks: number;
  /** Probability that a message is delivered twice. */
  readonly duplicate: number;
  /**
   * Probability that a message is held back until it has expired, which its sender learns only from the chain's time.
   * A message without a deadline that can be read is held back for two minutes.
   */
  readonly expire: number;
  /** While true no block is made, so neither messages nor time move on. */
  readonly pause: boolean;
}

/** One delivery of a message: how many blocks it waits, and whether its deadline must have passed first. */
export interface Copy {
  readonly blocks: number;
  readonly afterDeadline: boolean;
}

/** How many messages each fault has really met since the faults were set. */
export interface FaultCounts {
  dropped: number;
  delayed: number;
  duplicated: number;
  expired: number;
}

const NONE: FaultSettings = { drop: 0, delay_blocks: 0, duplicate: 0, expire: 0, pause: false };

export class Faults {
  settings: FaultSettings = NONE;
  struck: FaultCounts = noneStruck();
  private state = 1;

  /** Takes a whole new set; a field left out is off again. `seed` makes the same run happen again. */
  configure(input: Record<string, unknown>): void {
    const unknown = Object.keys(input).filter(key => !(key in NONE) && key !== 'seed');
    if (unknown.length > 0)
      throw new Error(`unknown fault ${unknown.join(', ')}: use drop, delay_blocks, duplicate, expire, pause and seed`);
    this.settings = {
      drop: probability(input, 'drop'),
      delay_blocks: count(input, 'delay_blocks'),
      duplicate: probability(input, 'duplicate'),
      expire: probability(input, 'expire'),
      pause: flag(input, 'pause'),
    };
    this.struck = noneStruck();
    if (input.seed !== undefined) this.state = count(input, 'seed');
  }

  /** Every copy to deliver: none when the message is dropped, two when it is doubled. */
  copies(): Copy[] {
    const { drop, duplicate, expire, delay_blocks: blocks } = this.settings;
    if (this.happens(drop)) {
      this.struck.dropped++;
      return [];
    }
    if (this.happens(expire)) {
      this.struck.expired++;
      return [{ blocks, afterDeadline: true }];
    }
    if (blocks > 0) this.struck.delayed++;
    const once = { blocks, afterDeadline: false };
    if (!this.happens(duplicate)) return [once];
    this.struck.duplicated++;
    return [once, { ...once, blocks: blocks + 1 }];
  }

  private happens(chance: number): boolean {
    if (chance <= 0) return false;
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.state / 4_294_967_296 < chance;
  }
}

function noneStruck(): FaultCounts {
  return { dropped: 0, delayed: 0, duplicated: 0, expired: 0 };
}

function probability(input: Record<string, unknown>, key: string): number {
  const value = input[key] ?? 0;
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) throw new Error(`${key} must be a number from 0 to 1`);
  return value;
}

function count(input: Record<string, unknown>, key: string): number {
  const value = input[key] ?? 0;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Error(`${key} must be a whole number from 0`);
  return value;
}

function flag(input: Record<string, unknown>, key: string): boolean {
  const value = input[key] ?? false;
  if (typeof value !== 'boolean') throw new Error(`${key} must be true or false`);
  return value;
}
