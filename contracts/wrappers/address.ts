import { Address } from '@ton/core';

const RAW = /^(-1|0):[0-9a-fA-F]{64}$/;
const FRIENDLY = /^[A-Za-z0-9+/_-]{48}$/;

/**
 * Reads an address in raw (`0:hex`) or user-friendly form and says exactly what is wrong with a bad one.
 * It is stricter than the library: only the two workchains that exist are let through, because a payout to any
 * other fails in the action phase with 36 and would hold up the whole batch.
 */
export function parseAddress(text: string): Address {
  if (RAW.test(text)) {
    const [workchain, hash] = text.split(':') as [string, string];
    return new Address(Number(workchain), Buffer.from(hash, 'hex'));
  }
  if (text.includes(':'))
    throw new Error(`address "${text}" is not raw "0:<64 hex digits>" (or "-1:…"): check the workchain and the length`);
  if (!FRIENDLY.test(text))
    throw new Error(`address "${text}" is neither raw "0:<64 hex digits>" nor a 48-character user-friendly address`);
  return parseFriendly(text);
}

function parseFriendly(text: string): Address {
  let address: Address;
  try {
    address = Address.parseFriendly(text).address;
  } catch {
    throw new Error(`address "${text}" has a wrong checksum or tag: copy it again, one character was changed`);
  }
  if (address.workChain !== 0 && address.workChain !== -1)
    throw new Error(`address "${text}" is in workchain ${address.workChain}, which does not exist: use workchain 0 or -1`);
  return address;
}

/** The form used in every interface of the pool: `0:` and 64 lower-case hex digits. */
export function rawAddress(address: Address): string {
  return `${address.workChain}:${address.hash.toString('hex')}`;
}
