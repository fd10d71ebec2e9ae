import { createHash } from 'node:crypto';
import { Address, Cell, contractAddress, loadStateInit } from '@ton/core';
import { signVerify } from '@ton/crypto';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { invalid } from './errors.js';
import { Fields, integer } from './requests.js';
import { keyOfWallet } from './walletKeys.js';

/** How old a proof may be, and how far a wallet's clock may run ahead. */
const MAX_AGE_SECONDS = 300;
const MAX_AHEAD_SECONDS = 60;

export type ProofRefusal = 'wrong_network' | 'wrong_domain' | 'wrong_payload' | 'expired' | 'from_the_future' | 'state_init_mismatch'
  | 'unknown_wallet' | 'key_mismatch' | 'wrong_signature';

export interface ProofRequest {
  readonly address: Address;
  readonly network: string;
  readonly timestamp: bigint;
  readonly domain: string;
  readonly domainLength: number;
  readonly payload: string;
  readonly signature: Buffer;
  readonly stateInit: Cell | null;
  readonly publicKey: string | null;
  /** What the caller expects the proof to be for. The caller also makes sure that a payload is used once. */
  readonly expectedDomain: string;
  readonly expectedPayload: string;
}

/** The signed bytes of a TON Connect proof: layout of the protocol, version 2. */
export function proofHash(proof: Pick<ProofRequest, 'address' | 'timestamp' | 'domain' | 'payload'>): Buffer {
  const workchain = Buffer.alloc(4);
  workchain.writeInt32BE(proof.address.workChain);
  const domain = Buffer.from(proof.domain, 'utf8');
  const domainLength = Buffer.alloc(4);
  domainLength.writeUInt32LE(domain.length);
  const timestamp = Buffer.alloc(8);
  timestamp.writeBigUInt64LE(proof.timestamp);
  const message = Buffer.concat([
    Buffer.from('ton-proof-item-v2/'), workchain, proof.address.hash, domainLength, domain, timestamp, Buffer.from(proof.payload, 'utf8'),
  ]);
  const inner = createHash('sha256').update(message).digest();
  return createHash('sha256').update(Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.from('ton-connect'), inner])).digest();
}

/** Judges a proof. An answer with `valid` true proves that the holder of the account's key signed in here, just now. */
export async function verifyProof(request: ProofRequest, network: string, chain: Toncenter, nowSeconds = Math.floor(Date.now() / 1000)) {
  const refuse = (reason: ProofRefusal) => ({ valid: false, reason, address: rawAddress(request.address), public_key: null, wallet: null });
  if (request.network !== network) return refuse('wrong_network');
  if (request.domain !== request.expectedDomain || Buffer.byteLength(request.domain) !== request.domainLength) return refuse('wrong_domain');
  if (request.payload !== request.expectedPayload) return refuse('wrong_payload');
  if (request.timestamp + BigInt(MAX_AGE_SECONDS) < BigInt(nowSeconds)) return refuse('expired');
  if (request.timestamp > BigInt(nowSeconds + MAX_AHEAD_SECONDS)) return refuse('from_the_future');
  const found = await keyOf(request, chain);
  if (typeof found === 'string') return refuse(found);
  if (request.publicKey !== null && request.publicKey !== found.publicKey.toString('hex')) return refuse('key_mismatch');
  if (!signVerify(proofHash(request), request.signature, found.publicKey)) return refuse('wrong_signature');
  return { valid: true, reason: null, address: rawAddress(request.address), public_key: found.publicKey.toString('hex'), wallet: found.wallet };
}

/**
 * The key that an address belongs to: from a state init, which hashes to the address and so cannot lie about it, if its
 * wallet code is on the allow-list; else from the deployed account's own get method.
 */
async function keyOf({ address, stateInit }: ProofRequest, chain: Toncenter): Promise<{ wallet: string; publicKey: Buffer } | ProofRefusal> {
  if (stateInit !== null) {
    const parsed = parseStateInit(stateInit);
    if (parsed === null || !contractAddress(address.workChain, parsed).equals(address)) return 'state_init_mismatch';
    const known = keyOfWallet(parsed.code, parsed.data);
    if (known !== null) return known;
  }
  const account = await chain.account(address);
  if (account.code === null || account.data === null) return 'unknown_wallet';
  const known = keyOfWallet(account.code, account.data);
  if (known !== null) return known;
  const key = await chain.numberOf(address, 'get_public_key');
  if (key === null || key <= 0n || key >= 1n << 256n) return 'unknown_wallet';
  return { wallet: 'get_public_key', publicKey: Buffer.from(key.toString(16).padStart(64, '0'), 'hex') };
}

function parseStateInit(cell: Cell): { code: Cell; data: Cell } | null {
  try {
    const { code, data } = loadStateInit(cell.beginParse());
    return code && data ? { code, data } : null;
  } catch {
    return null;
  }
}

export function readProof(body: Fields): ProofRequest {
  const proof = record(body, 'proof');
  const domain = record(proof, 'domain');
  return {
    address: readAddress(body),
    network: network(body.network),
    timestamp: timestamp(proof.timestamp),
    domain: text(domain, 'value', 1_024),
    domainLength: integer({ lengthBytes: domain.lengthBytes ?? domain.length_bytes }, 'lengthBytes', 1_024),
    payload: text(proof, 'payload', 1_024),
    signature: bytes(proof, 'signature'),
    stateInit: stateInit(body.state_init ?? proof.state_init),
    publicKey: body.public_key === undefined ? null : text(body, 'public_key', 64).toLowerCase(),
    expectedDomain: text(body, 'expected_domain', 1_024),
    expectedPayload: text(body, 'expected_payload', 1_024),
  };
}

function readAddress(body: Fields): Address {
  try {
    return parseAddress(text(body, 'address', 128));
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

function record(body: Fields, name: string): Fields {
  const value = body[name];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`"${name}" must be an object`);
  return value as Fields;
}

function text(body: Fields, name: string, maxLength: number): string {
  const value = body[name];
  if (typeof value !== 'string' || value.length > maxLength) throw invalid(`"${name}" must be text of at most ${maxLength} characters`);
  return value;
}

/** Wallets send the network and the time as text or as numbers. */
function network(value: unknown): string {
  if (typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,10}$/.test(value))) return String(value);
  throw invalid('"network" must be "-239" for mainnet or "-3" for testnet');
}

function timestamp(value: unknown): bigint {
  if ((typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) || (typeof value === 'string' && /^\d{1,15}$/.test(value))) return BigInt(value);
  throw invalid('"timestamp" must be seconds since 1970');
}

function bytes(body: Fields, name: string): Buffer {
  const value = Buffer.from(text(body, name, 200), 'base64');
  if (value.length !== 64) throw invalid(`"${name}" must be 64 bytes in base64`);
  return value;
}

function stateInit(value: unknown): Cell | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string' || value.length > 32_768) throw invalid('"state_init" must be a bag of cells in base64');
  try {
    return Cell.fromBase64(value);
  } catch {
    throw invalid('"state_init" is not a bag of cells');
  }
}
