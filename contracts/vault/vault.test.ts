import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginCell, Cell } from '@ton/core';
import { internal } from '@ton/sandbox';
import { bounceTo, operator, owner, person, PoolBench, sentOps, stranger, TON, workerNumber } from '../protocol/bench.js';
import { Op } from '../wrappers/operations.js';
import { ExitCode } from '../wrappers/exitCodes.js';
import { relayFromVaultBody } from '../wrappers/poolOperator.js';
import { exitCodeOf, feesOf } from '../wrappers/transactions.js';
import { cocoonPayoutBody, readVaultRevenue, vaultAddress, vaultStateInit, VAULT_RESERVE_NANO } from '../wrappers/workerVault.js';

const proxy = person('a proxy contract');
const cocoonWallet = person('a CocoonWallet');

const bodies: Record<string, [Cell, boolean, bigint]> = {
  'a Cocoon payout': [cocoonPayoutBody(4_711n), true, 4_711n],
  'a payout with more behind its query id': [beginCell().storeSlice(cocoonPayoutBody(5n).beginParse()).storeUint(1, 8).endCell(), true, 5n],
  'a payout cut short': [beginCell().storeUint(Op.CocoonPayout, 32).storeUint(1, 8).endCell(), true, 0n],
  'an empty body': [Cell.EMPTY, false, 0n],
  'a comment': [beginCell().storeUint(0, 32).storeStringTail('hello').endCell(), false, 0n],
  'an excess': [beginCell().storeUint(0x2565934c, 32).storeUint(0, 64).endCell(), false, 0n],
  'an order of a stranger': [beginCell().storeUint(Op.RelayToWallet, 32).storeUint(0, 64).storeAddress(stranger).storeUint(0, 8).storeRef(Cell.EMPTY).endCell(), false, 0n],
};

for (const [name, [body, payout, queryId]] of Object.entries(bodies)) {
  test(`coins that come with ${name} become revenue of the worker, none go back`, async () => {
    const bench = await PoolBench.create();
    const before = await bench.balance(bench.distribution.address);
    const transactions = await bench.send(bench.vault, proxy, body, 3n * TON, false);
    assert.deepEqual(sentOps(transactions[0]!), [Op.VaultRevenue]);
    const message = transactions[1]!.inMessage!;
    const revenue = readVaultRevenue(message.body)!;
    assert.deepEqual([revenue.worker, revenue.payout, revenue.payoutQueryId], [workerNumber.toString('hex'), payout, queryId]);
    assert.equal(revenue.from.equals(proxy), true);
    const arrived = await bench.balance(bench.distribution.address) - before;
    const fees = transactions.reduce((sum, t) => sum + feesOf(t), 0n);
    assert.equal(arrived, 3n * TON - fees, 'all of it arrives but the fees');
    assert.equal(await bench.balance(proxy), 0n);
    assert.equal(await bench.balance(bench.vault), VAULT_RESERVE_NANO);
  });
}

test('payouts that reach a vault before it is deployed wait there, and are forwarded when it is', async () => {
  const bench = await PoolBench.create();
  const worker = Buffer.alloc(32, 5);
  const vault = vaultAddress(bench.pool.address, bench.distribution.address, worker);
  await bench.send(vault, proxy, cocoonPayoutBody(1n), 2n * TON, false);
  assert.equal(await bench.balance(vault), 2n * TON);
  const before = await bench.balance(bench.distribution.address);
  await bench.deploy(vault, vaultStateInit(bench.pool.address, bench.distribution.address, worker), TON / 10n);
  assert.ok(await bench.balance(bench.distribution.address) > before + 2n * TON);
});

test('dust stays and goes with the next payment', async () => {
  const bench = await PoolBench.create();
  for (let i = 0; i < 3; i++) await bench.send(bench.vault, proxy, cocoonPayoutBody(1n), 1_000n, false);
  assert.ok(await bench.balance(bench.vault) > 0n);
  const [transaction] = await bench.send(bench.vault, proxy, cocoonPayoutBody(2n), TON, false);
  assert.deepEqual(sentOps(transaction!), [Op.VaultRevenue]);
});

test('what bounces back to a vault goes with the next payment', async () => {
  const bench = await PoolBench.create();
  assert.equal(exitCodeOf(await bounceTo(bench, bench.vault, Op.VaultRevenue)), 0);
  const before = await bench.balance(bench.distribution.address);
  await bench.send(bench.vault, proxy, cocoonPayoutBody(2n), TON, false);
  assert.ok(await bench.balance(bench.distribution.address) > before + 2n * TON - TON / 100n);
});

test('the operator withdraws from the CocoonWallet through the vault; nobody else can', async () => {
  const bench = await PoolBench.create();
  const withdrawal = beginCell().storeUint(7, 8).endCell();
  const body = relayFromVaultBody(bench.vault, cocoonWallet, 64, withdrawal, 12n);
  assert.equal(await bench.codeOf(bench.pool.address, stranger, body), ExitCode.NotAllowed);
  for (const from of [operator, owner]) {
    const transactions = await bench.succeeds(bench.pool.address, from, body, TON / 10n);
    const command = transactions.map(t => t.inMessage!).find(m => m.info.type === 'internal' && m.info.dest.equals(cocoonWallet))!;
    assert.equal(command.info.type === 'internal' && command.info.src.equals(bench.vault), true);
    const slice = command.body.beginParse();
    assert.deepEqual([slice.loadUint(32), slice.loadUint(64), slice.loadUint(8)], [Op.OwnerWalletSendMessage, 12, 64]);
    assert.equal(slice.loadRef().equals(withdrawal), true);
  }
  // There is no wallet there in this test, so the commands bounced: their coins wait for the next payment.
  assert.ok(await bench.balance(bench.vault) > VAULT_RESERVE_NANO, 'a relay is paid by whoever commands it');
});

test('a vault has an address per worker, and a stranger\'s deployment changes nothing in it', async () => {
  const bench = await PoolBench.create();
  const [a, b] = [1, 2].map(i => vaultAddress(bench.pool.address, bench.distribution.address, Buffer.alloc(32, i)));
  assert.equal(a!.equals(b!), false);
  const init = vaultStateInit(bench.pool.address, bench.distribution.address, workerNumber);
  await bench.chain.sendMessage(internal({ from: stranger, to: bench.vault, value: TON, bounce: false, stateInit: init }));
  assert.equal((await bench.data(bench.vault))!.equals(init.data!), true);
});
