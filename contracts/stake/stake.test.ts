import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Address, beginCell, Cell } from '@ton/core';
import { bounceTo, cutShort, MINIMUM_STAKE, operator, owner, person, PoolBench, stranger, TON, treasury, WITHDRAWAL_DELAY_SECONDS } from '../protocol/bench.js';
import { ExitCode } from '../wrappers/exitCodes.js';
import { Op } from '../wrappers/operations.js';
import { registerBody, REGISTRATION_FEES_NANO, slashBody, suspendBody } from '../wrappers/participantRegistry.js';
import {
  BURN_ADDRESS, cancelWithdrawalBody, completeWithdrawalBody, COMPLETION_VALUE_NANO, MAX_SUSPENSION_SECONDS, requestWithdrawalBody, STAKE_RESERVE_NANO, topUpBody, TOP_UP_FEES_NANO,
} from '../wrappers/stakeAccount.js';
import { exitCodeOf } from '../wrappers/transactions.js';

const alice = person('alice');
const STAKE = 100n * TON;

/** A pool in which alice has staked 100 TON. */
async function staked(): Promise<PoolBench> {
  const bench = await PoolBench.create();
  await bench.succeeds(bench.registry.address, alice, registerBody(), STAKE + REGISTRATION_FEES_NANO);
  return bench;
}

const byAlice = (bench: PoolBench, body: Cell, value?: bigint) => bench.codeOf(bench.stakeOf(alice), alice, body, value);

/** Exit code of the stake account's transaction in answer to a command of the operator. */
async function viaRegistry(bench: PoolBench, body: Cell): Promise<number | 'skipped'> {
  const transactions = await bench.send(bench.registry.address, operator, body);
  return exitCodeOf(transactions[1]!);
}

test('a top-up adds its value less its fees', async () => {
  const bench = await staked();
  assert.equal(await byAlice(bench, topUpBody(), 5n * TON), 0);
  assert.equal((await bench.stake(alice))!.stakeNano, STAKE + 5n * TON - TOP_UP_FEES_NANO);
  assert.equal(await bench.balance(bench.stakeOf(alice)), STAKE + 5n * TON - TOP_UP_FEES_NANO + STAKE_RESERVE_NANO);
  assert.equal(await byAlice(bench, topUpBody(), TOP_UP_FEES_NANO), ExitCode.ValueTooLow);
});

test('a partial withdrawal leaves the rest of the stake', async () => {
  const bench = await staked();
  assert.equal(await byAlice(bench, requestWithdrawalBody(30n * TON)), 0);
  assert.equal(await byAlice(bench, completeWithdrawalBody()), ExitCode.TooEarly);
  bench.wait(WITHDRAWAL_DELAY_SECONDS);
  const before = await bench.balance(alice);
  assert.equal(await byAlice(bench, completeWithdrawalBody()), 0);
  assert.ok(await bench.balance(alice) >= before + 30n * TON);
  const stake = (await bench.stake(alice))!;
  assert.deepEqual([stake.stakeNano, stake.withdrawalNano, stake.unlocksAt], [70n * TON, 0n, 0]);
  assert.equal(await bench.balance(bench.stakeOf(alice)), 70n * TON + STAKE_RESERVE_NANO);
  assert.equal(await byAlice(bench, completeWithdrawalBody()), ExitCode.NoWithdrawal, 'a completion works once');
});

test('anybody may complete a withdrawal that is due, and the participant gets all of it', async () => {
  const bench = await staked();
  const account = bench.stakeOf(alice);
  assert.equal(await bench.codeOf(account, operator, completeWithdrawalBody(), COMPLETION_VALUE_NANO), ExitCode.NoWithdrawal);
  await byAlice(bench, requestWithdrawalBody(30n * TON));
  assert.equal(await bench.codeOf(account, operator, completeWithdrawalBody(), COMPLETION_VALUE_NANO), ExitCode.TooEarly);
  bench.wait(WITHDRAWAL_DELAY_SECONDS);
  const before = await bench.balance(alice);
  const transactions = await bench.succeeds(account, operator, completeWithdrawalBody(), COMPLETION_VALUE_NANO);
  assert.ok(await bench.balance(alice) >= before + 30n * TON);
  assert.equal(await bench.balance(account), 70n * TON + STAKE_RESERVE_NANO, 'none of the stake and the reserve pays for it');
  assert.ok(transactions.slice(1).every(t => t.inMessage?.info.type === 'internal' && t.inMessage.info.dest.equals(alice)), 'nothing goes to anybody else');
});

test('the whole stake can be withdrawn, and the account used again', async () => {
  const bench = await staked();
  await byAlice(bench, requestWithdrawalBody(STAKE));
  bench.wait(WITHDRAWAL_DELAY_SECONDS);
  assert.equal(await byAlice(bench, completeWithdrawalBody()), 0);
  assert.equal((await bench.stake(alice))!.stakeNano, 0n);
  await bench.succeeds(bench.registry.address, alice, registerBody(), MINIMUM_STAKE + REGISTRATION_FEES_NANO);
  assert.equal((await bench.stake(alice))!.stakeNano, MINIMUM_STAKE);
});

test('what stays must be a stake of its own; more than the stake, nothing, or a second request are refused', async () => {
  const bench = await staked();
  assert.equal(await byAlice(bench, requestWithdrawalBody(STAKE - MINIMUM_STAKE + 1n)), ExitCode.UnderMinimum);
  assert.equal(await byAlice(bench, requestWithdrawalBody(STAKE + 1n)), ExitCode.OverStake);
  assert.equal(await byAlice(bench, requestWithdrawalBody(0n)), ExitCode.NoWithdrawal);
  assert.equal(await byAlice(bench, requestWithdrawalBody(TON)), 0);
  assert.equal(await byAlice(bench, requestWithdrawalBody(TON)), ExitCode.WithdrawalWaits);
  assert.equal((await bench.stake(alice))!.withdrawalNano, TON);
});

test('a cancelled withdrawal is stake again', async () => {
  const bench = await staked();
  assert.equal(await byAlice(bench, cancelWithdrawalBody()), ExitCode.NoWithdrawal);
  await byAlice(bench, requestWithdrawalBody(STAKE));
  assert.equal(await byAlice(bench, cancelWithdrawalBody()), 0);
  bench.wait(WITHDRAWAL_DELAY_SECONDS);
  assert.equal(await byAlice(bench, completeWithdrawalBody()), ExitCode.NoWithdrawal);
  assert.equal((await bench.stake(alice))!.stakeNano, STAKE);
});

test('a slash burns half and gives the treasury the other half, with the odd nanoTON', async () => {
  const bench = await staked();
  const [burned, kept] = [await bench.balance(BURN_ADDRESS), await bench.balance(treasury)];
  assert.equal(await viaRegistry(bench, slashBody(1n, alice, 25n * TON + 1n)), 0);
  assert.equal(await bench.balance(BURN_ADDRESS) - burned, 25n * TON / 2n);
  assert.equal(await bench.balance(treasury) - kept, 25n * TON / 2n + 1n);
  const stake = (await bench.stake(alice))!;
  assert.equal(stake.stakeNano, 75n * TON - 1n);
  assert.equal(stake.slashes.get(1n), 25n * TON + 1n);
  assert.equal(await bench.balance(bench.stakeOf(alice)), 75n * TON - 1n + STAKE_RESERVE_NANO);
});

test('a case is executed once; repeated it changes nothing, with another amount it is refused', async () => {
  const bench = await staked();
  await viaRegistry(bench, slashBody(1n, alice, TON));
  assert.equal(await viaRegistry(bench, slashBody(1n, alice, TON)), 0);
  assert.equal(await viaRegistry(bench, slashBody(1n, alice, 2n * TON)), ExitCode.Conflict);
  assert.equal((await bench.stake(alice))!.stakeNano, STAKE - TON);
  assert.equal(await viaRegistry(bench, slashBody(2n, alice, TON)), 0);
});

test('a slash takes at most the stake', async () => {
  const bench = await staked();
  assert.equal(await viaRegistry(bench, slashBody(1n, alice, STAKE + 1n)), ExitCode.OverStake);
  assert.equal(await viaRegistry(bench, slashBody(1n, alice, 0n)), ExitCode.OverStake);
  assert.equal((await bench.stake(alice))!.stakeNano, STAKE);
  assert.equal(await viaRegistry(bench, slashBody(1n, alice, STAKE)), 0);
  assert.equal(await bench.balance(bench.stakeOf(alice)), STAKE_RESERVE_NANO);
});

test('a slash during a withdrawal locks no funds: what is left can still be withdrawn', async () => {
  const bench = await staked();
  await byAlice(bench, requestWithdrawalBody(STAKE));
  assert.equal(await viaRegistry(bench, slashBody(1n, alice, 40n * TON)), 0);
  assert.deepEqual([(await bench.stake(alice))!.stakeNano, (await bench.stake(alice))!.withdrawalNano], [60n * TON, 60n * TON]);
  bench.wait(WITHDRAWAL_DELAY_SECONDS);
  const before = await bench.balance(alice);
  assert.equal(await byAlice(bench, completeWithdrawalBody()), 0);
  assert.ok(await bench.balance(alice) >= before + 60n * TON);
  assert.equal(await bench.balance(bench.stakeOf(alice)), STAKE_RESERVE_NANO);
});

test('a slash beside a partial withdrawal takes from what stays first', async () => {
  const bench = await staked();
  await byAlice(bench, requestWithdrawalBody(30n * TON));
  await viaRegistry(bench, slashBody(1n, alice, 50n * TON));
  assert.deepEqual([(await bench.stake(alice))!.stakeNano, (await bench.stake(alice))!.withdrawalNano], [50n * TON, 30n * TON]);
});

test('a suspension holds withdrawals back, ends by itself, and cannot be made for longer than its limit', async () => {
  const bench = await staked();
  await byAlice(bench, requestWithdrawalBody(STAKE));
  const until = bench.chain.now! + WITHDRAWAL_DELAY_SECONDS + 1_000;
  assert.equal(await viaRegistry(bench, suspendBody(alice, until)), 0);
  bench.wait(WITHDRAWAL_DELAY_SECONDS);
  assert.equal(await byAlice(bench, completeWithdrawalBody()), ExitCode.Suspended);
  assert.equal(await byAlice(bench, topUpBody(), TON), 0, 'a suspended participant may bring the stake back up');
  assert.equal(await viaRegistry(bench, suspendBody(alice, bench.chain.now! + MAX_SUSPENSION_SECONDS + 1)), ExitCode.Malformed);
  const snapshot = bench.chain.snapshot();
  bench.wait(1_000);
  assert.equal(await byAlice(bench, completeWithdrawalBody()), 0);
  await bench.chain.loadFrom(snapshot);
  assert.equal(await viaRegistry(bench, suspendBody(alice, 0)), 0);
  assert.equal(await byAlice(bench, completeWithdrawalBody()), 0);
});

test('nobody but the participant moves the stake, and nobody but the registry slashes it', async () => {
  const bench = await staked();
  const account = bench.stakeOf(alice);
  for (const from of [stranger, operator, owner, bench.registry.address])
    for (const body of [topUpBody(), requestWithdrawalBody(TON), cancelWithdrawalBody()])
      assert.equal(await bench.codeOf(account, from, body), ExitCode.NotAllowed);
  const forged = (op: number, more: (builder: ReturnType<typeof beginCell>) => ReturnType<typeof beginCell>) =>
    more(beginCell().storeUint(op, 32).storeUint(0, 64)).endCell();
  const deposit = forged(Op.Deposit, b => b.storeAddress(alice).storeCoins(STAKE).storeCoins(0).storeUint(0, 32));
  const slash = forged(Op.ExecuteSlash, b => b.storeUint(1, 64).storeAddress(stranger).storeCoins(TON).storeAddress(stranger));
  const suspend = forged(Op.ExecuteSuspend, b => b.storeAddress(stranger).storeUint(0, 32));
  for (const from of [stranger, alice, operator])
    for (const body of [deposit, slash, suspend]) assert.equal(await bench.codeOf(account, from, body), ExitCode.NotAllowed);
  assert.equal((await bench.stake(alice))!.stakeNano, STAKE);
});

test('coins that strangers leave here go to the participant with the next command', async () => {
  const bench = await staked();
  const account = bench.stakeOf(alice);
  assert.equal(exitCodeOf(await bounceTo(bench, account, Op.Excesses)), 0);
  await bench.send(account, stranger, Cell.EMPTY, 3n * TON, false);
  const before = await bench.balance(alice);
  assert.equal(await byAlice(bench, requestWithdrawalBody(TON)), 0);
  assert.ok(await bench.balance(alice) > before + 3n * TON);
  assert.equal(await bench.balance(account), STAKE + STAKE_RESERVE_NANO);
});

test('rent that ate the reserve and a part of the stake is made up by the participant\'s next command', async () => {
  const bench = await staked();
  await byAlice(bench, requestWithdrawalBody(STAKE));
  bench.wait(60 * 365 * 86_400);
  assert.equal(await byAlice(bench, completeWithdrawalBody(), TON), 0);
  assert.equal(await bench.balance(bench.stakeOf(alice)), STAKE_RESERVE_NANO);
});

test('malformed bodies are refused and change nothing', async () => {
  const bench = await staked();
  const before = await bench.stake(alice);
  for (const body of [topUpBody(), requestWithdrawalBody(TON), cancelWithdrawalBody()])
    assert.notEqual(await byAlice(bench, cutShort(body).beginParse().remainingBits < 96 ? cutShort(body) : beginCell().storeUint(Op.RequestWithdrawal, 32).endCell()), 0);
  assert.equal(await byAlice(bench, beginCell().storeUint(0x12345678, 32).endCell()), ExitCode.UnknownOperation);
  assert.deepEqual(await bench.stake(alice), before);
});

test('with the least value each command works, with one nanoTON less nothing changes', async () => {
  const bench = await staked();
  const account: Address = bench.stakeOf(alice);
  const request = await bench.leastValue(account, alice, requestWithdrawalBody(TON), async () => (await bench.stake(alice))!.withdrawalNano > 0n);
  await byAlice(bench, requestWithdrawalBody(TON));
  const cancel = await bench.leastValue(account, alice, cancelWithdrawalBody(), async () => (await bench.stake(alice))!.withdrawalNano === 0n);
  bench.wait(WITHDRAWAL_DELAY_SECONDS);
  const complete = await bench.leastValue(account, alice, completeWithdrawalBody(), async () => (await bench.stake(alice))!.stakeNano < STAKE);
  for (const value of [request, cancel, complete]) assert.ok(value < TON / 100n, `${value}`);
  const topUp = await bench.leastValue(account, alice, topUpBody(), async () => (await bench.stake(alice))!.stakeNano > STAKE);
  assert.equal(topUp, TOP_UP_FEES_NANO + 1n);
});
