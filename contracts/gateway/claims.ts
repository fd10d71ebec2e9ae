import { claimBody, CLAIM_VALUE_NANO } from '../wrappers/distributionMessages.js';
import { Leaf, ProofStep, rootFromProof } from '../wrappers/epochTree.js';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { invalid } from './errors.js';
import { Reader } from './reader.js';
import { Fields, hash, integer, nano, U32 } from './requests.js';

const MAX_STEPS = 32;

/**
 * Makes the message with which a participant claims an entry, for them to send from their own wallet, and says whether
 * the contract would pay it now. Nothing is signed here.
 */
export async function prepareClaim(reader: Reader, body: Fields) {
  const epochNumber = integer(body, 'epoch', U32);
  const leaf = readLeaf(body);
  const path = readPath(body.path);
  const epoch = await reader.epochState(epochNumber);
  const root = rootFromProof(epochNumber, leaf, path).toString('hex');
  return {
    to: rawAddress(reader.distribution), value_nano: CLAIM_VALUE_NANO.toString(),
    body: claimBody(epochNumber, leaf, path, BigInt(leaf.index)).toBoc().toString('base64'),
    ...verdict(),
  };

  function verdict() {
    if (!epoch.opened) return { payable: false, reason: `epoch ${epochNumber} is not open on chain` };
    if (root !== epoch.merkleRoot) return { payable: false, reason: `the proof leads to ${root}, the epoch's root is ${epoch.merkleRoot}` };
    if (epoch.claimed.includes(leaf.index)) return { payable: false, reason: 'the entry was claimed before' };
    if (leaf.index < epoch.claimFrom && !epoch.released.includes(leaf.index)) return { payable: false, reason: 'the entry is paid by push' };
    return { payable: true, reason: null };
  }
}

function readLeaf(body: Fields): Leaf {
  if (typeof body.address !== 'string') throw invalid('"address" must be an address');
  const address = parseAddress(body.address);
  if (address.workChain !== 0) throw invalid('only accounts of the basechain can claim');
  return { index: integer(body, 'index', U32), address, amountNano: nano(body, 'amount_nano', 'above 0', 1n) };
}

function readPath(path: unknown): ProofStep[] {
  if (!Array.isArray(path) || path.length > MAX_STEPS) throw invalid(`"path" must be a list of at most ${MAX_STEPS} {hash, side}`);
  return path.map((step: unknown, position) => {
    const fields = (typeof step === 'object' && step !== null ? step : {}) as Fields;
    if (fields.side !== 'left' && fields.side !== 'right') throw invalid(`step ${position} of "path": "side" must be "left" or "right"`);
    return { hash: hash(fields, 'hash'), side: fields.side };
  });
}
