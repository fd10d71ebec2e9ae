import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Address, beginCell, Cell, contractAddress, StateInit, storeStateInit } from '@ton/core';
import { KeyPair, keyPairFromSeed, sign } from '@ton/crypto';
import { WalletContractV3R1, WalletContractV3R2, WalletContractV4, WalletContractV5Beta, WalletContractV5R1 } from '@ton/ton';
import { faucet } from '../deploy/localFaucet.js';
import { rawAddress } from '../wrappers/address.js';
import { payouts, TON } from '../distribution/bench.js';
import { walletOf } from '../wrappers/operatorWallet.js';
import { sendAndWait } from '../wrappers/sendAndWait.js';
import { AccountSnapshot, Toncenter } from '../wrappers/toncenter.js';
import { Pool } from './bench.js';
import { proofHash, ProofRequest, readProof, verifyProof } from './tonProof.js';

const keys = keyPairFromSeed(createHash('sha256').update('someone who signs in').digest());
const NOW = 1_785_000_000;
const make = { workchain: 0, publicKey: keys.publicKey };
const cellOf = (init: StateInit) => beginCell().store(storeStateInit(init)).endCell();

function proof(change: Partial<ProofRequest> = {}, by: KeyPair = keys): ProofRequest {
  const wallet = WalletContractV5R1.create(make);
  const unsigned = {
    address: wallet.address, network: '-239', timestamp: BigInt(NOW - 5), domain: 'pool.example', domainLength: 12, payload: 'a nonce',
    stateInit: cellOf(wallet.init), publicKey: keys.publicKey.toString('hex'), expectedDomain: 'pool.example', expectedPayload: 'a nonce', ...change,
  };
  return { ...unsigned, signature: change.signature ?? sign(proofHash(unsigned), by.secretKey) };
}

/** A chain on which every account is in one state. */
function chainWith(account: Partial<AccountSnapshot>, key: bigint | null = null): Toncenter {
  return { account: () => Promise.resolve({ code: null, data: null, ...account }), numberOf: () => Promise.resolve(key) } as unknown as Toncenter;
}

const nothing = chainWith({});
const verify = (request: ProofRequest, chain = nothing) => verifyProof(request, '-239', chain, NOW);

for (const [name, wallet] of Object.entries({
  v3r1: WalletContractV3R1.create(make), v3r2: WalletContractV3R2.create(make), v4r2: WalletContractV4.create(make),
  v5beta: WalletContractV5Beta.create(make), v5r1: WalletContractV5R1.create(make),
})) {
  test(`a ${name} wallet that was never deployed signs in with its state init`, async () => {
    const answer = await verify(proof({ address: wallet.address, stateInit: cellOf(wallet.init) }));
    assert.deepEqual(answer, { valid: true, reason: null, address: rawAddress(wallet.address), public_key: keys.publicKey.toString('hex'), wallet: name });
  });
}

const stranger = keyPairFromSeed(Buffer.alloc(32, 9));
const otherWallet = WalletContractV5R1.create({ workchain: 0, publicKey: stranger.publicKey });
const refusals: [string, ProofRequest, string][] = [
  ['for another network', proof({ network: '-3' }), 'wrong_network'],
  ['for another domain', proof({ domain: 'evil.example', domainLength: 12 }), 'wrong_domain'],
  ['with a domain length that is not the domain\'s', proof({ domainLength: 11 }), 'wrong_domain'],
  ['with another payload', proof({ payload: 'old nonce' }), 'wrong_payload'],
  ['that is too old', proof({ timestamp: BigInt(NOW - 301) }), 'expired'],
  ['from the future', proof({ timestamp: BigInt(NOW + 61) }), 'from_the_future'],
  ['by another key', proof({}, stranger), 'wrong_signature'],
  ['with a signature of nothing', proof({ signature: Buffer.alloc(64) }), 'wrong_signature'],
  ['with the state init of another wallet', proof({ stateInit: cellOf(otherWallet.init) }), 'state_init_mismatch'],
  ['with a state init that is none', proof({ stateInit: beginCell().storeUint(3, 2).endCell() }), 'state_init_mismatch'],
  ['that names another public key', proof({ publicKey: '00'.repeat(32) }), 'key_mismatch'],
  ['of an account that is not there, without a state init', proof({ stateInit: null }), 'unknown_wallet'],
];
for (const [name, request, reason] of refusals)
  test(`a proof ${name} is refused`, async () => assert.deepEqual([(await verify(request)).valid, (await verify(request)).reason], [false, reason]));

test('what is signed cannot be moved between domain, payload and time', () => {
  const base = { address: walletOf(keys.publicKey).address, timestamp: 1n, domain: 'ab', payload: 'c' };
  const hashes = [base, { ...base, domain: 'a', payload: 'bc' }, { ...base, timestamp: 2n }, { ...base, address: new Address(-1, base.address.hash) }].map(p => proofHash(p).toString('hex'));
  assert.equal(new Set(hashes).size, hashes.length);
});

test('a deployed wallet needs no state init; one of unknown code answers get_public_key', async () => {
  const wallet = WalletContractV4.create(make);
  const deployed = chainWith({ code: wallet.init.code, data: wallet.init.data });
  assert.equal((await verify(proof({ address: wallet.address, stateInit: null }), deployed)).wallet, 'v4r2');
  const code = beginCell().storeUint(1, 8).endCell();
  const unknown = { code, data: Cell.EMPTY };
  const request = proof({ address: contractAddress(0, unknown), stateInit: cellOf(unknown) });
  assert.equal((await verify(request, chainWith(unknown, BigInt(`0x${keys.publicKey.toString('hex')}`)))).wallet, 'get_public_key');
  assert.equal((await verify(request, chainWith(unknown, 5n))).reason, 'key_mismatch');
  assert.equal((await verify(request, chainWith(unknown))).reason, 'unknown_wallet');
  assert.equal((await verify(request)).reason, 'unknown_wallet');
});

function body(change: object = {}, proofChange: object = {}) {
  const { address, signature, stateInit } = proof();
  return {
    address: rawAddress(address), network: '-239', expected_domain: 'pool.example', expected_payload: 'a nonce', ...change,
    proof: {
      timestamp: NOW - 5, domain: { lengthBytes: 12, value: 'pool.example' }, payload: 'a nonce', signature: signature.toString('base64'),
      state_init: stateInit!.toBoc().toString('base64'), ...proofChange,
    },
  };
}

test('time and network may be text or numbers', async () => {
  for (const [change, proofChange] of [[{}, {}], [{ network: -239 }, { timestamp: String(NOW - 5) }], [{}, { domain: { length_bytes: 12, value: 'pool.example' } }]])
    assert.equal((await verify(readProof(body(change, proofChange)))).valid, true);
});

test('what is no proof is refused before anything is looked up', () => {
  const bad: [object, object, RegExp][] = [
    [{ address: 'nowhere' }, {}, /address/], [{ network: 'main' }, {}, /"network"/], [{}, { timestamp: 'soon' }, /"timestamp"/],
    [{}, { signature: 'AAAA' }, /64 bytes/], [{}, { domain: null }, /"domain"/], [{}, { state_init: '!' }, /"state_init"/],
    [{}, { payload: 'x'.repeat(2_000) }, /"payload"/], [{ expected_payload: undefined }, {}, /"expected_payload"/],
  ];
  for (const [change, proofChange, message] of bad) assert.throws(() => readProof(body(change, proofChange)), message);
});

test('over HTTP, against a wallet on the chain', { timeout: 60_000 }, async t => {
  const pool = await Pool.start(t);
  const wallet = walletOf(keys.publicKey);
  await faucet(pool.chainUrl, wallet.address, 2n * TON);
  await sendAndWait(new Toncenter(pool.chainUrl), keys, { to: payouts(1)[0]!.to, valueNano: 1_000n, body: null, bounce: false });
  const timestamp = BigInt(Math.floor(Date.now() / 1000));
  const signature = sign(proofHash({ address: wallet.address, timestamp, domain: 'pool.example', payload: 'a nonce' }), keys.secretKey).toString('base64');
  const request = body({}, { timestamp: timestamp.toString(), signature, state_init: undefined });
  const { body: answer } = await pool.post('/v1/verify/ton-proof', request);
  assert.deepEqual([answer.valid, answer.wallet, answer.address], [true, 'v5r1', rawAddress(wallet.address)]);
  assert.equal((await pool.post('/v1/verify/ton-proof', { ...request, network: '-3' })).body.reason, 'wrong_network');
});
