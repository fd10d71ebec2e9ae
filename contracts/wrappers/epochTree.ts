import { createHash } from 'node:crypto';
import { Address } from '@ton/core';

/** One line of the epoch tree: what a participant may claim, at its place in the tree. */
export interface Leaf {
  readonly index: number;
  readonly address: Address;
  readonly amountNano: bigint;
}

/** `side` says where the sibling stands: a "left" sibling is hashed before the running hash. */
export interface ProofStep {
  readonly hash: Buffer;
  readonly side: 'left' | 'right';
}

const EMPTY_ROOT = Buffer.alloc(32);

function sha256(...parts: Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Leaves and nodes start with different bytes, so that nobody can present an inner node as a leaf. */
export function leafHash(epoch: number, leaf: Leaf): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt8(0x00, 0);
  head.writeUInt32BE(epoch, 1);
  head.writeUInt32BE(leaf.index, 5);
  head.writeInt8(leaf.address.workChain, 9);
  const amount = Buffer.alloc(8);
  amount.writeBigUInt64BE(leaf.amountNano);
  return sha256(head, leaf.address.hash, amount);
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return sha256(Buffer.from([0x01]), left, right);
}

function parentsOf(level: readonly Buffer[]): Buffer[] {
  const parents: Buffer[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const left = level[i] as Buffer;
    const right = level[i + 1];
    // An odd last node moves up unchanged: duplicating it would let two different trees share one root.
    parents.push(right === undefined ? left : nodeHash(left, right));
  }
  return parents;
}

export function rootOf(epoch: number, leaves: readonly Leaf[]): Buffer {
  if (leaves.length === 0) return EMPTY_ROOT;
  let level = leaves.map(leaf => leafHash(epoch, leaf));
  while (level.length > 1) level = parentsOf(level);
  return level[0] as Buffer;
}

/** The siblings from leaf to root; a level where the node was promoted adds nothing. */
export function proofOf(epoch: number, leaves: readonly Leaf[], position: number): ProofStep[] {
  if (position < 0 || position >= leaves.length) throw new Error(`there is no leaf ${position} among ${leaves.length}`);
  const path: ProofStep[] = [];
  let level = leaves.map(leaf => leafHash(epoch, leaf));
  for (let at = position; level.length > 1; at = Math.floor(at / 2)) {
    const sibling = level[at ^ 1];
    if (sibling !== undefined) path.push({ hash: sibling, side: at % 2 === 1 ? 'left' : 'right' });
    level = parentsOf(level);
  }
  return path;
}

export function rootFromProof(epoch: number, leaf: Leaf, path: readonly ProofStep[]): Buffer {
  return path.reduce<Buffer>(
    (hash, step) => step.side === 'left' ? nodeHash(step.hash, hash) : nodeHash(hash, step.hash),
    leafHash(epoch, leaf));
}
