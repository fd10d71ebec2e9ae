/** What a test may do to messages from outside. Probabilities are between 0 and 1. */
export interface FaultSettings {
  /** Probability that an accepted message is silently lost. */
  readonly drop: number;
  /** Blocks that a message waits before it is tried. */
  readonly delay_blocks: number;
  /** Probability that a message is delivered twice. */
  readonly duplicate: number;
  /** While true no block is made, so neither messages nor time move on. */
  readonly pause: boolean;
}

const NONE: FaultSettings = { drop: 0, delay_blocks: 0, duplicate: 0, pause: false };

export class Faults {
  settings: FaultSettings = NONE;
  private state = 1;

  /** Takes a whole new set; a field left out is off again. `seed` makes the same run happen again. */
  configure(input: Record<string, unknown>): void {
    const unknown = Object.keys(input).filter(key => !(key in NONE) && key !== 'seed');
    if (unknown.length > 0)
      throw new Error(`unknown fault ${unknown.join(', ')}: use drop, delay_blocks, duplicate, pause and seed`);
    this.settings = {
      drop: probability(input, 'drop'),
      delay_blocks: count(input, 'delay_blocks'),
      duplicate: probability(input, 'duplicate'),
      pause: flag(input, 'pause'),
    };
    if (input.seed !== undefined) this.state = count(input, 'seed');
  }

  /** The blocks to wait of every copy to deliver: none when the message is dropped, two when it is doubled. */
  copies(): number[] {
    const { drop, duplicate, delay_blocks: delay } = this.settings;
    if (this.happens(drop)) return [];
    return this.happens(duplicate) ? [delay, delay + 1] : [delay];
  }

  private happens(chance: number): boolean {
    if (chance <= 0) return false;
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.state / 4_294_967_296 < chance;
  }
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
