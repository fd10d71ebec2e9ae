import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Limits of what the gateway signs, whoever asks. From `policy.json` in the state folder; an environment variable
 * wins over the file.
 */
export interface PolicyOptions {
  /** Most nanoTON that the batches of one epoch, or an epoch's total and fee, may sum up to. */
  readonly maxNanoPerEpoch: bigint;
  /** Most nanoTON in batches signed for the first time on one UTC day. */
  readonly maxNanoPerDay: bigint;
  /** Most nanoTON that slashes signed for the first time on one UTC day may take. */
  readonly maxSlashNanoPerDay: bigint;
  /** Farthest a `valid_until` may lie ahead, in seconds: a signature that lives long blocks its successor as long. */
  readonly maxValiditySeconds: bigint;
}

const OPTIONS = {
  maxNanoPerEpoch: { key: 'max_nano_per_epoch', variable: 'GATEWAY_MAX_NANO_PER_EPOCH', fallback: 100_000_000_000_000n },
  maxNanoPerDay: { key: 'max_nano_per_day', variable: 'GATEWAY_MAX_NANO_PER_DAY', fallback: 100_000_000_000_000n },
  maxSlashNanoPerDay: { key: 'max_slash_nano_per_day', variable: 'GATEWAY_MAX_SLASH_NANO_PER_DAY', fallback: 10_000_000_000_000n },
  maxValiditySeconds: { key: 'max_validity_seconds', variable: 'GATEWAY_MAX_VALIDITY_SECONDS', fallback: 3_600n },
} as const;

export function readPolicyOptions(folder: string, environment: NodeJS.ProcessEnv): PolicyOptions {
  const path = join(folder, 'policy.json');
  const file = existsSync(path) ? parseFile(path) : {};
  const known = new Set<string>(Object.values(OPTIONS).map(o => o.key));
  const mistakes = Object.keys(file).filter(key => !known.has(key)).map(key => `${path}: unknown key "${key}"`);
  const read = ({ key, variable, fallback }: (typeof OPTIONS)[keyof typeof OPTIONS]): bigint => {
    const value = environment[variable] ?? file[key];
    if (value === undefined) return fallback;
    if (/^\d{1,20}$/.test(String(value)) && BigInt(String(value)) > 0n) return BigInt(String(value));
    mistakes.push(`${key} (or ${variable}) must be a whole number above zero, written as text`);
    return fallback;
  };
  const options = {
    maxNanoPerEpoch: read(OPTIONS.maxNanoPerEpoch),
    maxNanoPerDay: read(OPTIONS.maxNanoPerDay),
    maxSlashNanoPerDay: read(OPTIONS.maxSlashNanoPerDay),
    maxValiditySeconds: read(OPTIONS.maxValiditySeconds),
  };
  if (mistakes.length > 0) throw new Error(`the signing policy is wrong:\n${mistakes.join('\n')}`);
  return options;
}

function parseFile(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${path} is not JSON: ${(error as Error).message}`);
  }
}
