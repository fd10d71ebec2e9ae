import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withdrawFeesBody } from '../wrappers/distributionMessages.js';
import { ExitCode } from '../wrappers/exitCodes.js';
import { Bench, exitCodeOf, payee, payouts, terms, TON } from './bench.js';

const withdraw = (bench: Bench, amount: bigint, from = bench.operator) =>
  bench.deliver(from, TON, withdrawFeesBody(amount));

test('fees are earned in step with paid shares and only earned fees can be withdrawn', async () => {
  const bench = await Bench.create(11n * TON);
  await bench.open(terms(1, 9n * TON, { feeNano: TON }));
  assert.equal(exitCodeOf(await withdraw(bench, 1n)), ExitCode.FeesNotEarned);

  await bench.pay(1, 0, payouts(3));
  const third = TON / 3n;
  assert.equal((await bench.state()).feesEarnedNano, third);
  assert.equal(exitCodeOf(await withdraw(bench, third + 1n)), ExitCode.FeesNotEarned);
  assert.equal(exitCodeOf(await withdraw(bench, 0n)), ExitCode.FeesNotEarned);
  assert.equal(exitCodeOf(await withdraw(bench, third, payee('stranger'))), ExitCode.NotAllowed);
  const before = await bench.balance();
  const operatorBefore = await bench.balance(bench.operator);
  assert.equal(exitCodeOf(await withdraw(bench, third)), 0);
  assert.equal(await bench.balance(), before - third);
  assert.ok(await bench.balance(bench.operator) > operatorBefore + third);

  await bench.pay(1, 1, payouts(6));
  const state = await bench.state();
  assert.equal(state.feesEarnedNano, TON - third, 'rounding never loses a nanoTON of the fee');
  assert.equal(state.feesOwedNano, TON - third);
  assert.equal(state.sharesOwedNano, 0n);
});

test('fees wait while participants could not be paid', async () => {
  const bench = await Bench.create(5n * TON);
  await bench.open(terms(1, 3n * TON, { feeNano: TON }));
  await bench.pay(1, 0, payouts(3));
  await bench.open(terms(2, TON));
  bench.chain.now! += 30 * 365 * 86_400;
  assert.equal(exitCodeOf(await withdraw(bench, TON)), ExitCode.Underfunded);
});
