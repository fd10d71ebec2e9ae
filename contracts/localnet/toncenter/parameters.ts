import { parseAddress, rawAddress } from '../../wrappers/address.js';

/** Parameters of a call, from a query string or from JSON; both spell numbers either way. */
export type Parameters = Readonly<Record<string, unknown>>;

/** A mistake of the caller, answered with 422 as toncenter does. */
export class BadParameter extends Error {}

export function addressParameter(parameters: Parameters): string {
  try {
    return rawAddress(parseAddress(text(parameters, 'address')));
  } catch (error) {
    throw new BadParameter((error as Error).message);
  }
}

export function text(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  throw new BadParameter(`parameter "${name}" is missing: give it as text`);
}

export function optionalBigint(parameters: Parameters, name: string): bigint | null {
  const value = parameters[name];
  if (value === undefined || value === null || value === '') return null;
  if ((typeof value === 'string' || typeof value === 'number') && /^\d+$/.test(String(value))) return BigInt(value);
  throw new BadParameter(`parameter "${name}" must be a whole number from 0`);
}

export function bocParameter(parameters: Parameters): Buffer {
  const value = text(parameters, 'boc');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) throw new BadParameter('parameter "boc" must be base64');
  return Buffer.from(value, 'base64');
}

/** Clients write transaction hashes in hex or in base64. */
export function optionalHash(parameters: Parameters): string | null {
  const value = parameters.hash;
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') throw new BadParameter('parameter "hash" must be text');
  if (/^[0-9a-fA-F]{64}$/.test(value)) return value.toLowerCase();
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== 32) throw new BadParameter('parameter "hash" must be 32 bytes in hex or base64');
  return bytes.toString('hex');
}
