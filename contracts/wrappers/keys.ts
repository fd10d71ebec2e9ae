import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { getSecureRandomBytes, KeyPair, keyPairFromSeed } from '@ton/crypto';

/** Reads a key file: the 32-byte seed in hex on one line. */
export function readKey(path: string): KeyPair {
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${path} is not a key file: it must hold 64 hex digits`);
  return keyPairFromSeed(Buffer.from(text, 'hex'));
}

/** A key from the environment wins over a file: `NAME` holds the seed in hex, `NAME_FILE` the path of a key file. */
export function readKeyFrom(environment: NodeJS.ProcessEnv, name: string, fallbackPath: string): KeyPair {
  const seed = environment[name];
  if (seed === undefined || seed === '') return readKey(environment[`${name}_FILE`] || fallbackPath);
  // Neither the value nor a part of it goes into the message: messages are logged.
  if (!/^[0-9a-f]{64}$/.test(seed)) throw new Error(`${name} must hold a seed of 64 lower-case hex digits`);
  return keyPairFromSeed(Buffer.from(seed, 'hex'));
}

/** Reads a key file or makes one that only its owner can read. An existing file is never replaced. */
export async function readOrCreateKey(path: string): Promise<KeyPair> {
  if (existsSync(path)) return readKey(path);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const seed = await getSecureRandomBytes(32);
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, seed.toString('hex') + '\n');
    // Coins will be sent to this key's address, so it must survive a power cut from here on.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return readKey(path);
}
