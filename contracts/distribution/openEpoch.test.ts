import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginCell } from '@ton/core';
import { openEpochBody } from '../wrappers/distributionMessages.js';
import { Op } from '../wrappers/operations.js';
import { ExitCode } from '../wrappers/exitCodes.js';
import { Bench, exitCodeOf, feesOf, payee, terms, TON } from './bench.js';

test('an opened epoch reads back as it was sent, and the value comes back but for fees', async () => {
  const bench = await Bench.create(20n * TON);
  const before = await bench.balance();
  const operatorBefore = await bench.balance(bench.operator);
  const sent = terms(7, 5n * TON, { feeNano: TON, count: 3, merkleRoot: Buffer.alloc(32, 1), bundleHash: Buffer.alloc(32, 2) });
  const transaction = await bench.open(sent);
  assert.equal(exitCodeOf(transaction), 0);
  assert.deepEqual(await bench.epoch(7), {
    opened: true, totalNano: 5n * TON, paidNano: 0n, feeNano: TON, count: 3, claimFrom: 3, pushedCount: 0, releasedCount: 0, claimedCount: 0,
    merkleRoot: '01'.repeat(32), bundleHash: '02'.repeat(32), batches: [], released: [], claimed: [],
  });
  assert.equal(await bench.balance(), before);
  const gained = await bench.balance(bench.operator) - operatorBefore;
  assert.equal(gained, TON - feesOf(transaction));
  const state = await bench.state();
  assert.deepEqual([state.sharesOwedNano, state.feesOwedNano, state.feesEarnedNano], [5n * TON, TON, 0n]);
  assert.equal(state.balanceNano, before);
});

test('an epoch that was never opened reads as zeros', async () => {
  const bench = await Bench.create(20n * TON);
  const epoch = await bench.epoch(99);
  assert.equal(epoch.opened, false);
  assert.equal(epoch.totalNano, 0n);
  assert.equal(epoch.merkleRoot, '0'.repeat(64));
  assert.deepEqual(epoch.batches, []);
});

test('the same epoch with the same content again changes nothing and is no error', async () => {
  const bench = await Bench.create(20n * TON);
  await bench.open(terms(7, 5n * TON, { feeNano: TON }));
  const state = await bench.state();
  const again = await bench.open(terms(7, 5n * TON, { feeNano: TON }));
  assert.equal(exitCodeOf(again), 0);
  assert.deepEqual(await bench.state(), state);
});

const changes = {
  total: { totalNano: 6n * TON },
  fee: { feeNano: 1n },
  count: { count: 251 },
  'first claimed entry': { claimFrom: 249 },
  'Merkle root': { merkleRoot: Buffer.alloc(32, 8) },
  'bundle hash': { bundleHash: Buffer.alloc(32, 8) },
};

for (const [name, change] of Object.entries(changes)) {
  test(`an epoch reopened with another ${name} is refused`, async () => {
    const bench = await Bench.create(20n * TON);
    await bench.open(terms(7, 5n * TON));
    const epoch = await bench.epoch(7);
    assert.equal(exitCodeOf(await bench.open({ ...terms(7, 5n * TON), ...change })), ExitCode.Conflict);
    assert.deepEqual(await bench.epoch(7), epoch);
  });
}

test('a malformed command is refused and its value bounces', async () => {
  const bench = await Bench.create(20n * TON);
  const short = beginCell().storeUint(Op.OpenEpoch, 32).storeUint(0, 64).storeUint(7, 32).endCell();
  const commitment = beginCell().storeUint(1, 256).endCell();
  const shortCommitment = beginCell().storeUint(Op.OpenEpoch, 32).storeUint(0, 64).storeUint(7, 32)
    .storeCoins(TON).storeCoins(0).storeUint(1, 32).storeUint(1, 32).storeRef(commitment).endCell();
  for (const body of [short, shortCommitment]) {
    const before = await bench.balance();
    const transaction = await bench.deliver(bench.operator, TON, body);
    assert.equal(exitCodeOf(transaction), 9);
    assert.equal(transaction.outMessagesCount, 1);
    assert.equal(await bench.balance(), before);
  }
  assert.equal((await bench.epoch(7)).opened, false);
});

test('an epoch that the revenue does not cover is refused, and goes through once revenue arrives', async () => {
  const bench = await Bench.create(20n * TON);
  const before = await bench.balance();
  await bench.open(terms(1, 18n * TON, { feeNano: TON }));
  assert.equal(exitCodeOf(await bench.open(terms(2, 2n * TON))), ExitCode.Underfunded);
  assert.equal(await bench.balance(), before);
  await bench.revenue(TON + TON / 100n);
  assert.equal(exitCodeOf(await bench.open(terms(2, 2n * TON))), 0);
});

test('a stranger cannot open an epoch', async () => {
  const bench = await Bench.create(20n * TON);
  assert.equal(exitCodeOf(await bench.deliver(payee('stranger'), TON, openEpochBody(terms(1, TON)))), ExitCode.NotAllowed);
});

test('with one nanoTON below the least sufficient value nothing happens', async () => {
  const bench = await Bench.create(20n * TON);
  const succeeds = async (value: bigint) => {
    const snapshot = bench.chain.snapshot();
    const code = exitCodeOf(await bench.deliver(bench.operator, value, openEpochBody(terms(7, TON))));
    const opened = (await bench.epoch(7)).opened;
    await bench.chain.loadFrom(snapshot);
    assert.equal(opened, code === 0);
    return opened;
  };
  let [low, high] = [0n, TON];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (await succeeds(middle)) high = middle; else low = middle;
  }
  assert.equal(await succeeds(high), true);
  assert.equal(await succeeds(high - 1n), false);
});
