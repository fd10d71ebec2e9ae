import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginCell, Builder, Cell } from '@ton/core';
import { cutShort, operator, owner, person, PoolBench, stranger, TON } from '../protocol/bench.js';
import { claimBody, CLAIM_VALUE_NANO, openEpochBody, payBatchBody, pruneEpochsBody, releaseClaimsBody, setOperatorBody, setPausedBody, upgradeCodeBody, withdrawFeesBody } from '../wrappers/distributionMessages.js';
import { Leaf, proofOf, rootOf } from '../wrappers/epochTree.js';
import { ExitCode } from '../wrappers/exitCodes.js';
import { pauseBody } from '../wrappers/poolOperator.js';
import { packPayoutList } from '../wrappers/payoutList.js';
import { feesOf } from '../wrappers/transactions.js';

const COUNT = 12;
const leaves: Leaf[] = Array.from({ length: COUNT }, (_, index) => ({ index, address: person(`payee ${index}`), amountNano: BigInt(index + 1) * TON / 10n }));
const total = leaves.reduce((sum, leaf) => sum + leaf.amountNano, 0n);
const push = (from: number, to: number) => packPayoutList(leaves.slice(from, to).map(l => ({ to: l.address, amountNano: l.amountNano })));
const claimOf = (index: number, change: Partial<Leaf> = {}, epoch = 1) => claimBody(epoch, { ...leaves[index]!, ...change }, proofOf(1, leaves, index));

/** Epoch 1 with twelve entries, of which those from `claimFrom` on are claimed. */
async function opened(claimFrom: number): Promise<PoolBench> {
  const bench = await PoolBench.create();
  await bench.send(bench.distribution.address, stranger, beginCell().endCell(), 2n * total);
  await bench.succeeds(bench.distribution.address, operator, openEpochBody({
    epoch: 1, totalNano: total, feeNano: 0n, count: COUNT, claimFrom, merkleRoot: rootOf(1, leaves), bundleHash: Buffer.alloc(32),
  }));
  return bench;
}

const claim = (bench: PoolBench, body = claimOf(10), from = stranger, value = CLAIM_VALUE_NANO) => bench.codeOf(bench.distribution.address, from, body, value);
const epoch = async (bench: PoolBench) => (await bench.distributionState()).epoch(1);

test('a claim pays the amount of the tree to the account of the tree, whoever sends it, and nothing else leaves', async () => {
  const bench = await opened(8);
  const before = await bench.balance(bench.distribution.address);
  const { address, amountNano } = leaves[10]!;
  const transactions = await bench.succeeds(bench.distribution.address, stranger, claimOf(10), CLAIM_VALUE_NANO);
  assert.equal(await bench.balance(address), amountNano);
  assert.equal(await bench.balance(bench.distribution.address), before - amountNano);
  assert.equal(await bench.balance(stranger), CLAIM_VALUE_NANO - feesOf(transactions[0]!), 'the rest of the value goes back to the sender');
  assert.deepEqual([(await epoch(bench)).claimed, (await epoch(bench)).paidNano], [[10], amountNano]);
});

test('a claim with mode 128 would take everything: here a claim of one entry leaves all the others payable', async () => {
  const bench = await opened(0);
  for (const { index } of leaves) assert.equal(await claim(bench, claimOf(index)), 0);
  for (const { address, amountNano } of leaves) assert.equal(await bench.balance(address), amountNano);
  assert.equal((await epoch(bench)).paidNano, total);
  assert.equal((await bench.distributionState()).sharesOwedNano, 0n);
});

test('an entry is claimed once', async () => {
  const bench = await opened(8);
  assert.equal(await claim(bench), 0);
  assert.equal(await claim(bench), ExitCode.AlreadyClaimed);
  assert.equal(await claim(bench, claimOf(10), leaves[10]!.address), ExitCode.AlreadyClaimed);
  // The refused claim's own value bounced back to its sender.
  assert.ok(await bench.balance(leaves[10]!.address) < leaves[10]!.amountNano + CLAIM_VALUE_NANO);
  assert.equal((await epoch(bench)).paidNano, leaves[10]!.amountNano);
});

test('another amount, account, index or epoch than the tree has is refused', async () => {
  const bench = await opened(8);
  assert.equal(await claim(bench, claimOf(10, { amountNano: total })), ExitCode.WrongProof);
  assert.equal(await claim(bench, claimOf(10, { address: stranger })), ExitCode.WrongProof);
  assert.equal(await claim(bench, claimOf(10, { index: 11 })), ExitCode.WrongProof);
  assert.equal(await claim(bench, claimOf(10, { index: COUNT })), ExitCode.NotClaimable);
  assert.equal(await claim(bench, claimOf(10, {}, 2)), ExitCode.EpochUnknown);
  assert.equal((await epoch(bench)).paidNano, 0n);
});

test('a proof of an inner node, a cut one and one with something left over are refused', async () => {
  const bench = await opened(8);
  const path = proofOf(1, leaves, 10);
  const withProof = (proof: Builder) => beginCell().storeBits(claimOf(10).bits).storeRef(proof.endCell()).endCell();
  assert.equal(await claim(bench, claimBody(1, leaves[10]!, path.slice(1))), ExitCode.WrongProof);
  assert.equal(await claim(bench, withProof(beginCell().storeUint(0, 2).storeBit(0).storeUint(1, 1))), ExitCode.Malformed);
  assert.equal(await claim(bench, withProof(beginCell().storeUint(3, 2).storeUint(1, 200))), 9);
  assert.equal(await claim(bench, beginCell().storeBits(claimOf(10).bits).endCell()), 9);
});

test('a pushed entry cannot be claimed as well, and a claimed one cannot be pushed instead of another', async () => {
  const bench = await opened(8);
  await bench.succeeds(bench.distribution.address, operator, payBatchBody(1, 0, push(0, 8)), TON);
  assert.equal(await claim(bench, claimOf(3)), ExitCode.NotClaimable);
  assert.equal(await bench.codeOf(bench.distribution.address, operator, payBatchBody(1, 1, push(8, 9)), TON), ExitCode.OverTotal);
});

test('an entry whose push was held back is released and then claimed; released and pushed together never exceed the pushed part', async () => {
  const bench = await opened(8);
  assert.equal(await claim(bench, claimOf(3)), ExitCode.NotClaimable);
  const release = (indexes: number[], from = operator) => bench.codeOf(bench.distribution.address, from, releaseClaimsBody(1, indexes));
  assert.equal(await release([3], stranger), ExitCode.NotAllowed);
  assert.equal(await release([8]), ExitCode.NotClaimable);
  assert.equal(await release([3]), 0);
  assert.equal(await release([3]), 0, 'released again changes nothing');
  assert.deepEqual([(await epoch(bench)).released, (await epoch(bench)).releasedCount], [[3], 1]);
  assert.equal(await bench.codeOf(bench.distribution.address, operator, payBatchBody(1, 0, push(0, 8)), TON), ExitCode.OverTotal);
  assert.equal(await bench.codeOf(bench.distribution.address, operator, payBatchBody(1, 0, push(0, 3)), TON), 0);
  assert.equal(await bench.codeOf(bench.distribution.address, operator, payBatchBody(1, 1, push(4, 8)), TON), 0);
  assert.equal(await release([5]), ExitCode.OverTotal, 'everything else is pushed already');
  assert.equal(await claim(bench, claimOf(3)), 0);
  for (let i = 8; i < COUNT; i++) assert.equal(await claim(bench, claimOf(i)), 0);
  for (const { address, amountNano } of leaves) assert.equal(await bench.balance(address), amountNano);
  assert.equal((await bench.distributionState()).sharesOwedNano, 0n);
});

test('with the least value a claim is paid, with one nanoTON less nothing happens', async () => {
  const bench = await opened(8);
  const least = await bench.leastValue(bench.distribution.address, stranger, claimOf(10), async () => (await epoch(bench)).claimed.length === 1);
  assert.ok(least < 3_000_000n, `a claim needs ${least} nanoTON`);
});

test('with the least value each command of the operator works, with one nanoTON less nothing happens; cut short, none does', async () => {
  const bench = await opened(0);
  const { address } = bench.distribution;
  for (const { index } of leaves) await claim(bench, claimOf(index));
  await bench.succeeds(address, operator, openEpochBody({ epoch: 2, totalNano: 0n, feeNano: TON, count: 9, claimFrom: 9, merkleRoot: Buffer.alloc(32), bundleHash: Buffer.alloc(32) }));
  const state = () => bench.distributionState();
  const commands: [Cell, () => Promise<boolean>][] = [
    [releaseClaimsBody(2, [1, 2, 3]), async () => (await state()).epoch(2).releasedCount === 3],
    [withdrawFeesBody(TON / 2n), async () => (await state()).feesOwedNano === TON / 2n],
    [pruneEpochsBody(2), async () => (await state()).prunedBelow === 2],
  ];
  for (const [body, effect] of commands) {
    const least = await bench.leastValue(address, operator, body, effect);
    assert.ok(least < TON / 100n, `${least}`);
    assert.equal(await bench.codeOf(address, operator, cutShort(body)), 9);
    assert.equal(await bench.codeOf(address, stranger, body), ExitCode.NotAllowed);
    await bench.succeeds(address, operator, body);
  }
});

test('the getter that outsiders use tells an epoch in numbers', async () => {
  const bench = await opened(8);
  await bench.succeeds(bench.distribution.address, operator, payBatchBody(1, 0, push(0, 2)), TON);
  await claim(bench);
  const { stackReader: stack } = await bench.chain.runGetMethod(bench.distribution.address, 'get_epoch', [{ type: 'int', value: 1n }]);
  const paid = leaves[0]!.amountNano + leaves[1]!.amountNano + leaves[10]!.amountNano;
  assert.deepEqual([stack.readBoolean(), stack.readBigNumber(), stack.readBigNumber(), stack.readBigNumber(), stack.readNumber(), stack.readNumber()], [true, total, paid, 0n, COUNT, 3]);
  assert.equal(stack.readBigNumber(), BigInt(`0x${rootOf(1, leaves).toString('hex')}`));
});

test('epochs are forgotten only when they paid everything, and are never opened or paid again', async () => {
  const bench = await opened(COUNT);
  const prune = (below: number, from = operator) => bench.codeOf(bench.distribution.address, from, pruneEpochsBody(below));
  assert.equal(await prune(2, stranger), ExitCode.NotAllowed);
  assert.equal(await prune(2), ExitCode.EpochOpen);
  const list = push(0, COUNT);
  await bench.succeeds(bench.distribution.address, operator, payBatchBody(1, 0, list), TON);
  assert.equal(await prune(2), 0);
  assert.equal(await prune(2), 0);
  assert.deepEqual([(await bench.distributionState()).epochNumbers(), (await bench.distributionState()).prunedBelow], [[], 2]);
  const terms = { epoch: 1, totalNano: total, feeNano: 0n, count: COUNT, claimFrom: COUNT, merkleRoot: rootOf(1, leaves), bundleHash: Buffer.alloc(32) };
  assert.equal(await bench.codeOf(bench.distribution.address, operator, openEpochBody(terms)), ExitCode.Gone);
  assert.equal(await bench.codeOf(bench.distribution.address, operator, payBatchBody(1, 0, list), TON), ExitCode.Gone);
  assert.equal(await claim(bench, claimOf(1)), ExitCode.Gone);
});

test('a paused contract pays nobody and keeps taking revenue', async () => {
  const bench = await opened(8);
  await bench.succeeds(bench.pool.address, owner, pauseBody());
  assert.equal(await claim(bench), ExitCode.Paused);
  for (const body of [payBatchBody(1, 0, push(0, 2)), pruneEpochsBody(1), releaseClaimsBody(1, [1])])
    assert.equal(await bench.codeOf(bench.distribution.address, operator, body), ExitCode.Paused);
  assert.equal(await bench.codeOf(bench.distribution.address, stranger, beginCell().endCell(), TON), 0);
});

test('nobody but the admin replaces the operator, pauses or upgrades, the operator included', async () => {
  const bench = await opened(8);
  for (const from of [stranger, operator, owner])
    for (const body of [setOperatorBody(from, from), setPausedBody(true, from), upgradeCodeBody(beginCell().endCell(), from)])
      assert.equal(await bench.codeOf(bench.distribution.address, from, body), ExitCode.NotAllowed);
});
