import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { Transaction } from '@ton/core';
import { withdrawFeesBody } from '../wrappers/distributionMessages.js';
import { totalOf } from '../wrappers/payoutList.js';
import { Bench, exitCodeOf, feesOf, payouts, terms, TON } from './bench.js';

/** A small generator with a printed seed, so that a failure can be run again with COCOON_SEED. */
function generator(seed: number) {
  let state = seed >>> 0;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 4_294_967_296 * below);
  };
}

async function coinsOf(bench: Bench, others: readonly ReturnType<typeof payouts>[number][]): Promise<bigint> {
  let sum = await bench.balance() + await bench.balance(bench.operator);
  for (const address of new Set(others.map(p => p.to.toRawString())))
    sum += await bench.balance(others.find(p => p.to.toRawString() === address)!.to);
  return sum;
}

test('two batches: every nanoTON is with a participant, on the contract, at the operator or a fee', async () => {
  const list = payouts(10, i => BigInt(i + 1) * 7_777_777n);
  const bench = await Bench.create(totalOf(list) + TON);
  await bench.open(terms(1, totalOf(list)));
  const before = await coinsOf(bench, list);
  const wallet = [...await bench.payThroughWallet(1, 0, list.slice(0, 6)), ...await bench.payThroughWallet(1, 1, list.slice(6))];
  const fees = wallet.reduce((sum, transaction) => sum + feesOf(transaction), 0n);
  assert.equal(await coinsOf(bench, list), before - fees);
  assert.equal((await bench.epoch(1)).paidNano, totalOf(list));
});

/** What must hold, kept beside the contract in the simplest form that can be right. */
class Model {
  readonly epochs = new Map<number, { total: bigint; fee: bigint; count: number; paid: bigint; done: Set<number> }>();
  revenue = 0n;
  paid = 0n;
  feesWithdrawn = 0n;
}

test('random sequences never pay twice, never over a total, and lose no coin', { timeout: 240_000 }, async () => {
  const seed = Number(process.env.COCOON_SEED ?? randomInt(2 ** 31));
  console.log(`conservation seed ${seed} (COCOON_SEED=${seed} runs it again)`);
  const next = generator(seed);
  const bench = await Bench.create();
  const fresh = bench.chain.snapshot();
  let outcomes = 0;
  for (let sequence = 0; sequence < 100; sequence++) {
    await bench.chain.loadFrom(fresh);
    outcomes += await runSequence(bench, next);
  }
  assert.ok(outcomes > 100, 'the sequences must also reach accepted commands');
});

async function runSequence(bench: Bench, next: (below: number) => number): Promise<number> {
  const model = new Model();
  const start = await bench.balance();
  let kept = 0n;
  let accepted = 0;
  for (let step = 0; step < 8; step++) {
    const before = await bench.balance();
    const { transaction, expectedChange, onAccept } = await randomStep(bench, model, next);
    const code = exitCodeOf(transaction);
    const after = await bench.balance();
    if (code === 0) {
      onAccept();
      accepted++;
      assert.equal(after, before + expectedChange(transaction), 'an accepted command changes the balance by exactly its purpose');
    } else {
      assert.equal(after, before, 'a refused command leaves every coin where it was');
    }
    kept += after - before;
    await agree(bench, model);
  }
  assert.equal(await bench.balance(), start + kept);
  return accepted;
}

async function randomStep(bench: Bench, model: Model, next: (below: number) => number) {
  const epochNumber = 1 + next(2);
  const kind = next(6);
  if (kind === 0) {
    const value = BigInt(1 + next(5)) * TON;
    const transaction = await bench.revenue(value);
    return { transaction, expectedChange: (t: Transaction) => value - feesOf(t), onAccept: () => { model.revenue += value; } };
  }
  if (kind === 1) {
    const total = BigInt(1 + next(4)) * TON;
    const fee = BigInt(next(2)) * TON / 10n;
    const transaction = await bench.open(terms(epochNumber, total, { feeNano: fee, count: 6 }));
    return {
      transaction, expectedChange: () => 0n,
      onAccept: () => {
        const known = model.epochs.get(epochNumber);
        if (known) assert.deepEqual([known.total, known.fee], [total, fee]);
        else model.epochs.set(epochNumber, { total, fee, count: 6, paid: 0n, done: new Set() });
      },
    };
  }
  if (kind === 2) {
    const amount = BigInt(next(12)) * TON / 100n;
    const transaction = await bench.deliver(bench.operator, TON, withdrawFeesBody(amount));
    return { transaction, expectedChange: () => -amount, onAccept: () => { model.feesWithdrawn += amount; } };
  }
  const batch = next(3);
  const list = payouts(1 + next(4), () => BigInt(1 + next(100)) * TON / 50n, next(3));
  const transaction = await bench.pay(epochNumber, batch, list);
  return {
    transaction, expectedChange: () => -totalOf(list),
    onAccept: () => {
      const epoch = model.epochs.get(epochNumber);
      assert.ok(epoch, 'an epoch pays only after it was opened');
      assert.ok(!epoch.done.has(batch), 'a batch is paid once');
      epoch.done.add(batch);
      epoch.paid += totalOf(list);
      model.paid += totalOf(list);
      assert.ok(epoch.paid <= epoch.total, 'an epoch never pays more than its total');
    },
  };
}

async function agree(bench: Bench, model: Model): Promise<void> {
  const state = await bench.storage();
  let shares = 0n;
  let fees = 0n;
  let earned = 0n;
  for (const [number, expected] of model.epochs) {
    const epoch = state.epoch(number);
    assert.equal(epoch.paidNano, expected.paid);
    assert.deepEqual(epoch.batches.map(b => b.index), [...expected.done].sort());
    assert.equal(epoch.batches.reduce((sum, b) => sum + b.amountNano, 0n), expected.paid);
    shares += expected.total - expected.paid;
    fees += expected.fee;
    earned += expected.fee * expected.paid / expected.total;
  }
  assert.equal(state.sharesOwedNano, shares);
  assert.equal(state.feesOwedNano, fees - model.feesWithdrawn);
  assert.equal(state.feesEarnedNano, earned - model.feesWithdrawn);
  assert.ok(await bench.balance() >= TON / 10n, 'the storage reserve is untouched');
}
