import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Address, beginCell } from '@ton/core';
import { payBatchBody, payBatchValueNano } from '../wrappers/distributionMessages.js';
import { Op } from '../wrappers/operations.js';
import { ExitCode } from '../wrappers/exitCodes.js';
import { listHash, packPayoutList, totalOf } from '../wrappers/payoutList.js';
import { Bench, exitCodeOf, feesOf, payee, payouts, terms, TON } from './bench.js';

const list = payouts(5, i => BigInt(i + 1) * 100_000_000n);
const total = totalOf(list);

async function opened(revenue = total, over = {}): Promise<Bench> {
  const bench = await Bench.create(revenue + TON / 100n);
  await bench.open(terms(1, total, over));
  return bench;
}

test('a batch pays every entry to the nanoTON, also to accounts that do not exist yet, and costs the contract nothing more', async () => {
  const bench = await opened();
  const before = await bench.balance();
  const operatorBefore = await bench.balance(bench.operator);
  const value = payBatchValueNano(list.length);
  const transaction = await bench.pay(1, 3, list);
  assert.equal(exitCodeOf(transaction), 0);
  for (const { to, amountNano } of list) {
    const account = await bench.chain.getContract(to);
    assert.equal(account.accountState?.type, 'uninit');
    assert.equal(account.balance, amountNano);
  }
  assert.equal(await bench.balance(), before - total);
  assert.equal(await bench.balance(bench.operator), operatorBefore + value - feesOf(transaction));
  const epoch = await bench.epoch(1);
  assert.deepEqual([epoch.paidNano, epoch.pushedCount], [total, 5]);
  assert.deepEqual(epoch.batches, [{ index: 3, listHash: listHash(packPayoutList(list)), amountNano: total }]);
});

test('a batch of 250 goes through the operator wallet in one transaction', async () => {
  const many = payouts(250, i => 1_000_000n + BigInt(i));
  const bench = await Bench.create(totalOf(many) + TON / 100n);
  await bench.open(terms(1, totalOf(many)));
  const before = await bench.balance();
  const [wallet, contract] = await bench.payThroughWallet(1, 0, many);
  assert.equal(exitCodeOf(wallet!), 0);
  assert.equal(exitCodeOf(contract!), 0);
  assert.equal(contract!.outMessagesCount, 251);
  assert.equal(await bench.balance(), before - totalOf(many));
  for (const { to, amountNano } of many) assert.equal(await bench.balance(to), amountNano);
});

test('a done batch is refused with 409, with the same list and with another', async () => {
  const bench = await opened(3n * total, { totalNano: 3n * total });
  await bench.pay(1, 0, list);
  const before = await bench.balance();
  assert.equal(exitCodeOf(await bench.pay(1, 0, list)), ExitCode.BatchDone);
  assert.equal(exitCodeOf(await bench.pay(1, 0, payouts(2))), ExitCode.BatchDone);
  assert.equal(await bench.balance(), before);
  assert.equal((await bench.epoch(1)).batches.length, 1);
});

test('a signed wallet message delivered twice pays once', async () => {
  const bench = await opened();
  await bench.payThroughWallet(1, 0, list);
  bench.seqno = 0;
  await assert.rejects(bench.payThroughWallet(1, 0, list));
  assert.equal((await bench.epoch(1)).paidNano, total);
});

test('only the operator can pay', async () => {
  const bench = await opened();
  const transaction = await bench.deliver(payee('stranger'), TON, payBatchBody(1, 0, packPayoutList(list)));
  assert.equal(exitCodeOf(transaction), ExitCode.NotAllowed);
  assert.equal((await bench.epoch(1)).paidNano, 0n);
});

test('an epoch that is not open pays nothing', async () => {
  const bench = await opened();
  assert.equal(exitCodeOf(await bench.pay(2, 0, list)), ExitCode.EpochUnknown);
});

test('never more than the total of the epoch, never more entries than it has', async () => {
  const bench = await opened(10n * total);
  await bench.pay(1, 0, list.slice(0, 4));
  assert.equal(exitCodeOf(await bench.pay(1, 1, [{ ...list[4]!, amountNano: list[4]!.amountNano + 1n }])), ExitCode.OverTotal);
  assert.equal(exitCodeOf(await bench.pay(1, 1, [list[4]!])), 0);

  const counted = await opened(10n * total, { count: 4 });
  assert.equal(exitCodeOf(await counted.pay(1, 0, list)), ExitCode.OverTotal);
});

test('a batch that became underfunded is refused whole, and goes through once revenue arrives', async () => {
  const bench = await opened(total);
  await bench.open(terms(2, total / 1000n));
  bench.chain.now! += 30 * 365 * 86_400;
  const before = await bench.state();
  assert.equal(exitCodeOf(await bench.pay(1, 0, list)), ExitCode.Underfunded);
  assert.deepEqual((await bench.epoch(1)).batches, []);
  assert.ok(await bench.balance() < total + before.storageReserveNano, 'thirty years of rent ate into the reserve');
  assert.equal(await bench.balance(payee(0)), 0n);
  await bench.revenue(TON);
  assert.equal(exitCodeOf(await bench.pay(1, 0, list)), 0);
});

test('the storage reserve is never promised or paid out', async () => {
  const bench = await Bench.create();
  const state = await bench.state();
  const spare = state.balanceNano - state.storageReserveNano;
  assert.equal(exitCodeOf(await bench.open(terms(1, spare + 1n))), ExitCode.Underfunded);
  assert.equal(exitCodeOf(await bench.open(terms(1, spare))), 0);
  assert.equal(exitCodeOf(await bench.pay(1, 0, [{ to: payee(1), amountNano: spare }])), 0);
  assert.equal(await bench.balance(), state.storageReserveNano);
});

test('a message that does not pay for its own fees is refused, never paid for by participants', async () => {
  const bench = await opened();
  const before = await bench.balance();
  let [low, high] = [0n, payBatchValueNano(5)];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    const snapshot = bench.chain.snapshot();
    const code = exitCodeOf(await bench.pay(1, 0, list, middle));
    const paid = (await bench.epoch(1)).paidNano;
    const after = await bench.balance();
    await bench.chain.loadFrom(snapshot);
    assert.equal(paid, code === 0 ? total : 0n);
    // A refused value may be eaten by gas, so the contract can only have kept a crumb of it, never lost anything.
    if (code === 0) assert.equal(after, before - total); else assert.ok(after >= before);
    if (code === 0) high = middle; else low = middle;
  }
  assert.equal(exitCodeOf(await bench.pay(1, 0, list, high - 1n)), ExitCode.ValueTooLow);
  assert.equal(exitCodeOf(await bench.pay(1, 0, list, high)), 0);
});

test('bad lists are refused: too long, data left over, other workchain, cut short', async () => {
  const bench = await Bench.create(1_000n * TON);
  await bench.open(terms(1, 900n * TON, { count: 1000 }));
  const send = (cell: ReturnType<typeof packPayoutList>) =>
    bench.deliver(bench.operator, 2n * TON, payBatchBody(1, 0, cell));
  const to = payee(1);
  const entry = () => beginCell().storeUint(1, 2).storeAddress(to).storeCoins(TON);

  let long = packPayoutList(payouts(250));
  long = entry().storeMaybeRef(long).endCell();
  assert.equal(exitCodeOf(await send(long)), ExitCode.TooManyPayouts);
  assert.equal(exitCodeOf(await send(entry().storeBit(0).storeUint(1, 1).endCell())), ExitCode.Malformed);
  const masterchain = beginCell().storeUint(1, 2).storeAddress(new Address(-1, to.hash)).storeCoins(TON).storeBit(0).endCell();
  assert.equal(exitCodeOf(await send(masterchain)), ExitCode.WrongWorkchain);
  const none = beginCell().storeUint(1, 2).storeAddress(null).storeCoins(TON).storeBit(0).endCell();
  assert.equal(exitCodeOf(await send(none)), ExitCode.WrongWorkchain);
  assert.equal(exitCodeOf(await send(beginCell().storeUint(3, 2).storeAddress(to).endCell())), 9);
  const noList = beginCell().storeUint(Op.PayBatch, 32).storeUint(0, 64).storeUint(1, 32).storeUint(0, 16).endCell();
  assert.equal(exitCodeOf(await bench.deliver(bench.operator, TON, noList)), 9);
  assert.equal((await bench.epoch(1)).paidNano, 0n);
});

test('one participant may have two lines: both are paid', async () => {
  const bench = await opened();
  const twice = [{ to: payee('twice'), amountNano: 1_000n }, { to: payee('twice'), amountNano: 2_000n }];
  assert.equal(exitCodeOf(await bench.pay(1, 0, twice)), 0);
  assert.equal(await bench.balance(payee('twice')), 3_000n);
});
