/**
 * Amounts are nanoTON in decimal strings. They are read into BigInt and written digit by digit: a double holds 15 to 17
 * significant digits, and the pool promises to be right to the nanoTON.
 */
const DECIMALS = 9;
const NANO_PER_TON = 10n ** BigInt(DECIMALS);

export interface TonDigits {
  negative: boolean;
  /** Whole TON, grouped in threes: `1,234`. */
  whole: string;
  /** Decimals up to the last one that is not zero; empty for a whole number of TON. */
  significant: string;
  /** The zeros that fill up to nine decimals, so that amounts below each other align at the point. */
  padding: string;
}

/** Reads a `*_nano` field. Null when it is missing or is not an integer in decimal digits; a JSON number is refused. */
export function parseNano(text: unknown): bigint | null {
  return typeof text === 'string' && /^-?\d+$/.test(text) ? BigInt(text) : null;
}

export function tonDigits(nano: bigint): TonDigits {
  const negative = nano < 0n;
  const magnitude = negative ? -nano : nano;
  const fraction = (magnitude % NANO_PER_TON).toString().padStart(DECIMALS, '0');
  const significant = fraction.replace(/0+$/, '');
  return { negative, whole: group(magnitude / NANO_PER_TON), significant, padding: fraction.slice(significant.length) };
}

/** The exact amount in TON without trailing zeros: `1,234.5`. */
export function formatTon(nano: bigint): string {
  const { negative, whole, significant } = tonDigits(nano);
  return `${negative ? '−' : ''}${whole}${significant ? `.${significant}` : ''}`;
}

/** An estimate in TON, cut to four decimals: nine digits would claim what an estimate does not know. */
export function estimateTon(nano: bigint): string {
  return `≈ ${formatTon(nano - (nano % 100_000n))}`;
}

/** Sum of amounts; null when one of them is unreadable, because a total that leaves a line out would be a wrong total. */
export function sumNano(amounts: readonly unknown[]): bigint | null {
  let sum = 0n;
  for (const amount of amounts) {
    const nano = parseNano(amount);
    if (nano === null) return null;
    sum += nano;
  }
  return sum;
}

/** Parts per million as a percentage with two decimals, rounded down: a pool at 99.9999 % must not read "100 %". */
export function formatPpm(ppm: bigint): string {
  const hundredths = ppm / 100n;
  return `${group(hundredths / 100n)}.${(hundredths % 100n).toString().padStart(2, '0')} %`;
}

function group(value: bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}
