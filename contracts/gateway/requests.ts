import { Address, Cell } from '@ton/core';
import { parseAddress } from '../wrappers/address.js';
import { EpochTerms, openEpochBody } from '../wrappers/distributionMessages.js';
import { listHash, packPayoutList, Payout } from '../wrappers/payoutList.js';
import { GatewayError, invalid, RefusedEntry } from './errors.js';

/** One reading of every request body: what passes here is complete, in range and consistent with itself. */
export interface Validity {
  readonly seqno: number;
  readonly validUntil: number;
}

export interface OpenEpochRequest extends Validity {
  readonly terms: EpochTerms;
  /** Hash of what the message fixes, so that an epoch is never signed with two contents. */
  readonly content: string;
}

export interface PayBatchRequest extends Validity {
  readonly epoch: number;
  readonly batch: number;
  readonly payouts: readonly Payout[];
  /** The entries' places in the epoch's tree, in the order of the list. */
  readonly indexes: readonly number[];
  readonly list: Cell;
  readonly listHash: string;
}

export type Fields = Readonly<Record<string, unknown>>;

const U16 = 2 ** 16 - 1;
export const U32 = 2 ** 32 - 1;
export const U64 = (1n << 64n) - 1n;

export function readOpenEpoch(body: Fields): OpenEpochRequest {
  const count = integer(body, 'count', U32);
  const terms: EpochTerms = {
    epoch: integer(body, 'epoch', U32),
    totalNano: nano(body, 'total_nano', 'from 0', 0n),
    feeNano: nano(body, 'fee_nano', 'from 0', 0n),
    count,
    claimFrom: body.claim_from === undefined ? count : integer(body, 'claim_from', count),
    merkleRoot: hash(body, 'merkle_root'),
    bundleHash: hash(body, 'bundle_hash'),
  };
  return { terms, content: openEpochBody(terms).hash().toString('hex'), ...readValidity(body) };
}

/** @param ownContracts the pool's contracts: what is paid to them comes back as revenue, so nobody would have been paid */
export function readPayBatch(body: Fields, ownContracts: readonly Address[]): PayBatchRequest {
  const { payouts, indexes } = readEntries(body.entries, ownContracts);
  const list = pack(payouts);
  const expected = hash(body, 'list_hash').toString('hex');
  const actual = listHash(list);
  if (expected !== actual)
    throw invalid(`list_hash is ${expected}, but the entries pack to ${actual}: check their order and amounts`);
  return {
    epoch: integer(body, 'epoch', U32), batch: integer(body, 'batch', U16),
    payouts, indexes, list, listHash: actual, ...readValidity(body),
  };
}

export function readBoc(body: Fields): Cell {
  const { boc } = body;
  if (typeof boc !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(boc)) throw invalid('"boc" must be a bag of cells in base64');
  try {
    return Cell.fromBase64(boc);
  } catch (error) {
    throw invalid(`"boc" is not a bag of cells: ${(error as Error).message}`);
  }
}

export function readAddressSegment(text: string): Address {
  try {
    return parseAddress(decodeURIComponent(text));
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

export function readHashSegment(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw invalid('a message is named by its hash: 64 lower-case hex digits');
  return text;
}

export function readWholeNumber(name: string, text: string | null, fallback: bigint, max: bigint): bigint {
  if (text === null) return fallback;
  if (!/^\d{1,20}$/.test(text) || BigInt(text) > max) throw invalid(`"${name}" must be a whole number from 0 to ${max}`);
  return BigInt(text);
}

export function readValidity(body: Fields): Validity {
  return { seqno: integer(body, 'seqno', U32), validUntil: integer(body, 'valid_until', U32) };
}

function readEntries(entries: unknown, ownContracts: readonly Address[]): { payouts: Payout[]; indexes: number[] } {
  if (!Array.isArray(entries)) throw invalid('"entries" must be a list of {address, amount_nano, index}');
  const refused: RefusedEntry[] = [];
  const payouts = entries.map((entry: unknown, position) => {
    if (typeof entry !== 'object' || entry === null) throw invalid(`entry ${position} must be {address, amount_nano, index}`);
    const { address } = entry as Fields;
    if (typeof address !== 'string') throw invalid(`entry ${position}: "address" is missing`);
    const to = readAddressSegment(address);
    if (to.workChain !== 0) refused.push({ position, reason: `${address} is outside the basechain, which the contract does not pay` });
    else if (ownContracts.some(own => own.equals(to))) refused.push({ position, reason: `${address} is a contract of the pool` });
    return { to, amountNano: nano(entry as Fields, 'amount_nano', `of entry ${position} above 0`, 1n) };
  });
  // The caller takes these aside and asks for the others, so one bad entry holds up nobody.
  if (refused.length > 0)
    throw new GatewayError('entry_refused', refused.map(({ position, reason }) => `entry ${position}: ${reason}`).join('; '), refused);
  const indexes = entries.map(entry => integer(entry as Fields, 'index', U32));
  if (new Set(indexes).size < indexes.length) throw invalid('two entries have the same "index"');
  return { payouts, indexes };
}

function pack(payouts: readonly Payout[]): Cell {
  try {
    return packPayoutList(payouts);
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

export function integer(body: Fields, name: string, max: number): number {
  const value = body[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max)
    throw invalid(`"${name}" must be a whole number from 0 to ${max}`);
  return value;
}

export function nano(body: Fields, name: string, rule: string, min: bigint): bigint {
  const value = body[name];
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value) || BigInt(value) < min || BigInt(value) > U64)
    throw invalid(`"${name}" ${rule} must be a decimal string of nanoTON below 2^64`);
  return BigInt(value);
}

export function hash(body: Fields, name: string): Buffer {
  const value = body[name];
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw invalid(`"${name}" must be 64 lower-case hex digits`);
  return Buffer.from(value, 'hex');
}
