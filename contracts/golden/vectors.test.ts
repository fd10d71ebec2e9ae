import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { Leaf, rootFromProof } from '../wrappers/epochTree.js';
import { listHash, packPayoutList, unpackPayoutList } from '../wrappers/payoutList.js';
import { addressVectors } from './addressVectors.js';
import { contractVectors } from './contractVectors.js';
import { merkleVectors, payoutListVectors } from './vectors.js';

function committed(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../golden/${name}`, import.meta.url), 'utf8'));
}

test('the committed vectors are the ones the code makes', () => {
  assert.deepEqual(committed('payout-lists.json'), payoutListVectors());
  assert.deepEqual(committed('merkle.json'), merkleVectors());
  assert.deepEqual(committed('addresses.json'), addressVectors());
  assert.deepEqual(committed('contracts.json'), contractVectors());
});

test('a payout list unpacks to what was packed', () => {
  for (const vector of payoutListVectors()) {
    const payouts = vector.entries.map(e => ({ to: parseAddress(e.address), amountNano: BigInt(e.amount_nano) }));
    const list = packPayoutList(payouts);
    assert.equal(listHash(list), vector.hash);
    const back = unpackPayoutList(list);
    assert.deepEqual(back.map(p => [rawAddress(p.to), p.amountNano]), payouts.map(p => [rawAddress(p.to), p.amountNano]));
  }
});

test('a list of 251 payouts, of none, or with a zero amount is refused', () => {
  const to = parseAddress(addressVectors().valid[3]!.raw);
  assert.throws(() => packPayoutList(Array(251).fill({ to, amountNano: 1n })), /at most 250/);
  assert.throws(() => packPayoutList([]), /at least one/);
  assert.throws(() => packPayoutList([{ to, amountNano: 0n }]), /above zero/);
});

test('every proof leads to its root, and to no other leaf', () => {
  for (const { epoch, leaves, root, proofs } of merkleVectors()) {
    for (const proof of proofs) {
      const line = leaves[proof.index]!;
      const leaf: Leaf = { index: line.index, address: parseAddress(line.address), amountNano: BigInt(line.amount_nano) };
      const path = proof.path.map(s => ({ hash: Buffer.from(s.hash, 'hex'), side: s.side }));
      assert.equal(rootFromProof(epoch, leaf, path).toString('hex'), root);
      assert.notEqual(rootFromProof(epoch, { ...leaf, amountNano: leaf.amountNano + 1n }, path).toString('hex'), root);
    }
  }
});

test('valid addresses read back in every form, invalid ones are refused with a reason', () => {
  const { valid, invalid } = addressVectors();
  for (const v of valid)
    for (const form of [v.raw, v.bounceable, v.non_bounceable, v.test_bounceable, v.test_non_bounceable, v.bounceable_not_url_safe])
      assert.equal(rawAddress(parseAddress(form)), v.raw);
  for (const { input, reason } of invalid)
    assert.throws(() => parseAddress(input), /address ".*" (is|has)/, reason);
});
