import { createHash } from 'node:crypto';
import { Address } from '@ton/core';
import { rawAddress } from '../wrappers/address.js';
import { Leaf, proofOf, rootOf } from '../wrappers/epochTree.js';
import { listHash, packPayoutList, Payout } from '../wrappers/payoutList.js';

/** Accounts that nobody holds a key of, the same on every run. */
export function sampleAddress(name: string, workchain = 0): Address {
  return new Address(workchain, createHash('sha256').update(`golden ${name}`).digest());
}

/** Amounts of every length from 1 to 8 bytes, at both ends, because a wrong length byte changes every hash. */
function sampleAmount(index: number): bigint {
  const bytes = BigInt(index % 8) + 1n;
  const smallest = bytes === 1n ? 1n : 1n << (8n * (bytes - 1n));
  const largest = bytes === 8n ? (1n << 63n) - 1n : (1n << (8n * bytes)) - 1n;
  const kind = Math.floor(index / 8) % 3;
  if (kind === 0) return smallest;
  return kind === 1 ? largest : (smallest + largest) / 2n + BigInt(index);
}

function payoutListVector(name: string, payouts: Payout[]) {
  return {
    name,
    entries: payouts.map(p => ({ address: rawAddress(p.to), amount_nano: p.amountNano.toString() })),
    hash: listHash(packPayoutList(payouts)),
  };
}

export function payoutListVectors() {
  const sized = [1, 3, 4, 7, 250].map(count => payoutListVector(`${count} entries`,
    Array.from({ length: count }, (_, i) => ({ to: sampleAddress(`payee ${i}`), amountNano: sampleAmount(i) }))));
  const byLength = Array.from({ length: 24 }, (_, i) => payoutListVector(
    `one amount of ${(i % 8) + 1} bytes, variant ${Math.floor(i / 8)}`,
    [{ to: sampleAddress('single'), amountNano: sampleAmount(i) }]));
  const zeroHash = payoutListVector('address hash with leading zeros',
    [{ to: new Address(0, Buffer.concat([Buffer.alloc(31), Buffer.from([1])])), amountNano: 1_000_000_000n }]);
  return [...sized, ...byLength, zeroHash];
}

export function merkleVectors() {
  return [0, 1, 2, 3, 5, 8, 100].map((count, position) => {
    const epoch = [0, 1, 7, 52, 65_536, 4_294_967_295, 12][position] as number;
    const leaves: Leaf[] = Array.from({ length: count }, (_, index) => ({
      index,
      // One masterchain account shows the sign of the workchain byte.
      address: sampleAddress(`leaf ${index}`, count === 5 && index === 3 ? -1 : 0),
      amountNano: sampleAmount(index),
    }));
    return {
      epoch,
      leaves: leaves.map(l => ({ index: l.index, address: rawAddress(l.address), amount_nano: l.amountNano.toString() })),
      root: rootOf(epoch, leaves).toString('hex'),
      proofs: leaves.map(({ index }) => ({
        index,
        path: proofOf(epoch, leaves, index).map(s => ({ hash: s.hash.toString('hex'), side: s.side })),
      })),
    };
  });
}
