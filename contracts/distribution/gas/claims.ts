import { createHash } from 'node:crypto';
import { keyPairFromSeed } from '@ton/crypto';
import { Cell } from '@ton/core';
import { internal } from '@ton/sandbox';
import { claimBody, CLAIM_VALUE_NANO } from '../../wrappers/distributionMessages.js';
import { Leaf, proofOf, rootOf } from '../../wrappers/epochTree.js';
import { signTransfer, walletOf } from '../../wrappers/operatorWallet.js';
import { Bench, payee, terms, TON } from '../bench.js';

const keys = keyPairFromSeed(createHash('sha256').update('claimer').digest());
const wallet = walletOf(keys.publicKey).address;

/** What a claim costs the participant in all: two messages of their own wallet, the contract, and receiving both answers. */
export async function measureClaim(entries: number) {
  const leaves: Leaf[] = Array.from({ length: entries }, (_, index) => ({
    index, address: index === entries - 2 ? wallet : payee(index), amountNano: 1_000_000_000n,
  }));
  const mine = leaves[entries - 2]!;
  const bench = await Bench.create(2n * TON);
  await bench.chain.sendMessage(internal({ from: payee('friend'), to: wallet, value: TON, bounce: false }));
  await bench.open(terms(1, TON, { count: entries, claimFrom: 0, merkleRoot: rootOf(1, leaves) }));
  const send = async (seqno: number, body: Cell | null) => {
    const signed = signTransfer(keys, { to: bench.address, valueNano: CLAIM_VALUE_NANO, bounce: true, body }, seqno, bench.chain.now! + 60);
    await bench.chain.sendMessage(Cell.fromBoc(signed.boc)[0]!);
  };
  // The wallet is deployed by an earlier message, which costs more than all others.
  await send(0, null);
  const before = await bench.balance(wallet);
  await send(1, claimBody(1, mine, proofOf(1, leaves, mine.index)));
  if ((await bench.epoch(1)).claimed.length !== 1) throw new Error(`the claim among ${entries} entries was not paid`);
  const feeNano = before + mine.amountNano - await bench.balance(wallet);
  return { entries, fee_nano: feeNano.toString() };
}
