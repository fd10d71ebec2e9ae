import { createHash } from 'node:crypto';
import { rawAddress } from '../wrappers/address.js';
import { codeOf, CONTRACTS } from '../wrappers/contractCode.js';
import { claimBody, openEpochBody, payBatchBody } from '../wrappers/distributionMessages.js';
import { Leaf, proofOf, rootOf } from '../wrappers/epochTree.js';
import { nextChain, slashBody } from '../wrappers/participantRegistry.js';
import { packPayoutList } from '../wrappers/payoutList.js';
import { actions, parameterKey, proposeBody } from '../wrappers/poolOperator.js';
import { stakeAddress } from '../wrappers/stakeAccount.js';
import { vaultAddress } from '../wrappers/workerVault.js';
import { proofHash } from '../gateway/tonProof.js';
import { sampleAddress } from './vectors.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** A contract's code as others need it to derive addresses: hash and depth of its root cell. */
function codes() {
  return Object.fromEntries(CONTRACTS.map(name => {
    const code = codeOf(name);
    return [name, { hash: code.hash().toString('hex'), depth: code.depth() }];
  }));
}

function derivedAddresses() {
  const [registry, pool, distribution] = [sampleAddress('registry'), sampleAddress('pool operator'), sampleAddress('distribution')];
  return {
    registry: rawAddress(registry), pool_operator: rawAddress(pool), distribution: rawAddress(distribution),
    stake_accounts: [0, 1, 2].map(i => ({
      participant: rawAddress(sampleAddress(`participant ${i}`)), address: rawAddress(stakeAddress(registry, sampleAddress(`participant ${i}`))),
    })),
    vaults: [0, 1, 2].map(i => ({ worker: sha256(`worker ${i}`).toString('hex'), address: rawAddress(vaultAddress(pool, distribution, sha256(`worker ${i}`))) })),
  };
}

function commitmentChain() {
  let chain: Buffer = Buffer.alloc(32);
  return [20_000, 20_001, 20_005].map(day => {
    const root = sha256(`contributions of ${day}`);
    chain = nextChain(chain, day, root);
    return { day, root: root.toString('hex'), chain: chain.toString('hex') };
  });
}

function messages() {
  const leaves: Leaf[] = [0, 1, 2].map(index => ({ index, address: sampleAddress(`leaf ${index}`), amountNano: BigInt(index + 1) }));
  const list = packPayoutList(leaves.map(l => ({ to: l.address, amountNano: l.amountNano })));
  const terms = { epoch: 7, totalNano: 6n, feeNano: 1n, count: 3, claimFrom: 2, merkleRoot: rootOf(7, leaves), bundleHash: sha256('bundle') };
  return {
    open_epoch: openEpochBody(terms, 7n).hash().toString('hex'),
    pay_batch: payBatchBody(7, 0, list, 7n << 16n).hash().toString('hex'),
    claim: claimBody(7, leaves[2]!, proofOf(7, leaves, 2), 2n).hash().toString('hex'),
    slash: slashBody(5n, sampleAddress('participant 0'), 1_000n).hash().toString('hex'),
    propose_parameter: proposeBody(0, actions.setParameter('stake.minimum_nano', 5n)).hash().toString('hex'),
  };
}

function tonProofs() {
  return [['pool.example', 'a nonce', 1_785_000_000n, 0], ['пул.example', '', 0n, 0], ['x', 'y', 4_294_967_296n, -1]].map(([domain, payload, timestamp, workchain]) => {
    const address = sampleAddress('someone who signs in', workchain as number);
    const proof = { address, domain: domain as string, payload: payload as string, timestamp: timestamp as bigint };
    return { address: rawAddress(address), domain, payload, timestamp: String(timestamp), hash: proofHash(proof).toString('hex') };
  });
}

export function contractVectors() {
  return {
    codes: codes(),
    derived: derivedAddresses(),
    parameter_keys: ['stake.minimum_nano', 'pool.fee_per_mille', 'epoch.seconds'].map(name => ({ name, key: parameterKey(name).toString('hex') })),
    commitment_chain: commitmentChain(),
    message_hashes: messages(),
    ton_proofs: tonProofs(),
  };
}
