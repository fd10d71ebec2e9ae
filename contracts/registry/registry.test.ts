import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginCell, Cell } from '@ton/core';
import { bounceTo, cutShort, MINIMUM_STAKE, operator, owner, person, PoolBench, sentOps, stranger, TIMELOCK_SECONDS, TON, treasury } from '../protocol/bench.js';
import { setOperatorBody, setPausedBody } from '../wrappers/distributionMessages.js';
import { ExitCode } from '../wrappers/exitCodes.js';
import { Op } from '../wrappers/operations.js';
import {
  commitContributionsBody, configureStakesBody, nextChain, registerBody, REGISTRATION_FEES_NANO, slashBody, suspendBody,
} from '../wrappers/participantRegistry.js';
import { actions, applyProposalBody, FIRST_OWNER_PROPOSAL, pauseBody, proposeBody, Role, sweepBody } from '../wrappers/poolOperator.js';
import { STAKE_RESERVE_NANO } from '../wrappers/stakeAccount.js';

const alice = person('alice');
const registration = (stake: bigint) => stake + REGISTRATION_FEES_NANO;

test('a registration opens an account of the sender with the stake to the nanoTON, and the unused fees come back', async () => {
  const bench = await PoolBench.create();
  const before = await bench.balance(bench.registry.address);
  await bench.succeeds(bench.registry.address, alice, registerBody(7n), registration(25n * TON + 3n));
  const stake = (await bench.stake(alice))!;
  assert.equal(stake.stakeNano, 25n * TON + 3n);
  assert.deepEqual([stake.participant, stake.minimumStakeNano, stake.withdrawalNano], [alice.toRawString(), MINIMUM_STAKE, 0n]);
  assert.equal(await bench.balance(bench.stakeOf(alice)), 25n * TON + 3n + STAKE_RESERVE_NANO);
  assert.ok(await bench.balance(alice) > REGISTRATION_FEES_NANO / 2n, 'most of the fees come back');
  assert.equal(await bench.balance(bench.registry.address), before, 'the registry neither keeps nor pays anything');
  const derived = await bench.chain.openContract(bench.registry).getStakeAccount(alice);
  assert.equal(derived.equals(bench.stakeOf(alice)), true, 'everybody derives the same address');
});

test('the stake is the value and not a number in the body', async () => {
  const bench = await PoolBench.create();
  const lying = beginCell().storeSlice(registerBody().beginParse()).storeCoins(1_000_000n * TON).endCell();
  const transactions = await bench.send(bench.registry.address, alice, lying, registration(MINIMUM_STAKE));
  assert.notEqual(transactions.length, 0);
  const stake = await bench.stake(alice);
  assert.ok(stake === null || stake.stakeNano === MINIMUM_STAKE);
});

for (const [name, bounce] of [['that bounces', true], ['that does not bounce', false]] as const) {
  test(`a refused registration ${name} returns every coin`, async () => {
    const bench = await PoolBench.create();
    const returned = async (value: bigint, body = registerBody(9n)) => {
      const [before, registryBefore] = [await bench.balance(alice), await bench.balance(bench.registry.address)];
      const transactions = await bench.send(bench.registry.address, alice, body, value, bounce);
      assert.equal(await bench.balance(bench.registry.address), registryBefore, 'nothing stays with the registry');
      assert.deepEqual(sentOps(transactions[0]!), [Op.Refused]);
      const back = await bench.balance(alice) - before;
      assert.ok(back > value - TON / 500n, `${value - back} nanoTON of fees`);
    };
    await returned(registration(MINIMUM_STAKE) - 1n);
    await returned(5n * TON, beginCell().storeUint(0, 32).storeStringTail('stake for alice').endCell());
    await returned(5n * TON, Cell.EMPTY);
    await bench.succeeds(bench.pool.address, owner, pauseBody());
    await returned(registration(50n * TON));
    assert.equal(await bench.stake(alice), null);
  });
}

test('a second registration adds to the stake and refreshes its terms', async () => {
  const bench = await PoolBench.create();
  await bench.succeeds(bench.registry.address, alice, registerBody(), registration(MINIMUM_STAKE));
  const terms = { minimumStakeNano: 2n * TON, withdrawalDelaySeconds: 60, treasury: person('new treasury') };
  await bench.succeeds(bench.pool.address, owner, proposeBody(FIRST_OWNER_PROPOSAL + 2, actions.commandLinked(Role.Registry, configureStakesBody(terms, owner))));
  bench.wait(TIMELOCK_SECONDS);
  await bench.succeeds(bench.pool.address, owner, applyProposalBody(FIRST_OWNER_PROPOSAL + 2));
  assert.equal((await bench.stake(alice))!.minimumStakeNano, MINIMUM_STAKE, 'terms do not change behind a participant');
  await bench.succeeds(bench.registry.address, alice, registerBody(), registration(3n * TON));
  const stake = (await bench.stake(alice))!;
  assert.deepEqual([stake.stakeNano, stake.minimumStakeNano, stake.withdrawalDelaySeconds], [MINIMUM_STAKE + 3n * TON, 2n * TON, 60]);
});

test('a slash of an account that does not exist returns its value to the operator with the reason', async () => {
  const bench = await PoolBench.create();
  const before = await bench.balance(operator);
  const transactions = await bench.send(bench.registry.address, operator, slashBody(1n, alice, TON, 5n), TON / 5n);
  const bounced = transactions.find(t => t.inMessage?.info.type === 'internal' && t.inMessage.info.bounced)!;
  assert.deepEqual(sentOps(bounced), [Op.Refused]);
  assert.ok(await bench.balance(operator) > before + TON / 5n - TON / 100n);
});

test('only the operator slashes, suspends and commits; only the admin configures', async () => {
  const bench = await PoolBench.create();
  await bench.succeeds(bench.registry.address, alice, registerBody(), registration(MINIMUM_STAKE));
  const terms = { minimumStakeNano: 0n, withdrawalDelaySeconds: 0, treasury: stranger };
  for (const from of [stranger, alice, owner]) {
    for (const body of [slashBody(1n, alice, TON), suspendBody(alice, 0), commitContributionsBody(1, Buffer.alloc(32, 1))])
      assert.equal(await bench.codeOf(bench.registry.address, from, body), ExitCode.NotAllowed);
  }
  for (const from of [stranger, alice, owner, operator]) {
    for (const body of [setOperatorBody(from, from), setPausedBody(true, from), configureStakesBody(terms, from), sweepBody(from)])
      assert.equal(await bench.codeOf(bench.registry.address, from, body), ExitCode.NotAllowed);
  }
  assert.equal((await bench.stake(alice))!.stakeNano, MINIMUM_STAKE);
});

test('daily commitments form a chain; a day is committed once, and earlier days are closed', async () => {
  const bench = await PoolBench.create();
  const roots = [1, 2, 3].map(i => Buffer.alloc(32, i));
  const commit = (day: number, root: Buffer) => bench.codeOf(bench.registry.address, operator, commitContributionsBody(day, root));
  let chain: Buffer = Buffer.alloc(32);
  for (const [i, root] of roots.entries()) {
    assert.equal(await commit(20_000 + i, root), 0);
    assert.equal(await commit(20_000 + i, root), 0, 'the same again changes nothing');
    chain = nextChain(chain, 20_000 + i, root);
  }
  const { commitment } = await bench.registryState();
  assert.deepEqual(commitment, { day: 20_002, root: roots[2]!.toString('hex'), chain: chain.toString('hex') });
  assert.equal(await commit(20_002, roots[0]!), ExitCode.Conflict);
  assert.equal(await commit(20_001, roots[1]!), ExitCode.Gone);
});

test('malformed bodies are refused and change nothing', async () => {
  const bench = await PoolBench.create();
  await bench.succeeds(bench.registry.address, alice, registerBody(), registration(MINIMUM_STAKE));
  const before = await bench.registryState();
  for (const body of [slashBody(1n, alice, TON), suspendBody(alice, 5), commitContributionsBody(1, Buffer.alloc(32))]) {
    const [transaction] = await bench.send(bench.registry.address, operator, cutShort(body));
    assert.equal(transaction!.outMessagesCount, 1, 'the value bounces');
  }
  assert.deepEqual(await bench.registryState(), before);
  assert.equal((await bench.stake(alice))!.stakeNano, MINIMUM_STAKE);
});

test('with the least value each command works, with one nanoTON less nothing changes', async () => {
  const bench = await PoolBench.create();
  const register = await bench.leastValue(bench.registry.address, alice, registerBody(), async () => await bench.stake(alice) !== null, 20n * TON);
  assert.equal(register, registration(MINIMUM_STAKE));
  await bench.succeeds(bench.registry.address, alice, registerBody(), registration(MINIMUM_STAKE));
  const slash = await bench.leastValue(bench.registry.address, operator, slashBody(1n, alice, TON), async () => (await bench.stake(alice))!.stakeNano < MINIMUM_STAKE);
  assert.ok(slash < TON / 50n, `${slash}`);
  const commit = await bench.leastValue(bench.registry.address, operator, commitContributionsBody(5, Buffer.alloc(32)), async () => (await bench.registryState()).commitment.day === 5);
  assert.ok(commit < TON / 100n, `${commit}`);
});

test('stray coins leave by sweeping to whom the owner says', async () => {
  const bench = await PoolBench.create();
  assert.equal((await bounceTo(bench, bench.registry.address, Op.Excesses)).outMessagesCount, 0);
  const body = actions.commandLinked(Role.Registry, sweepBody(treasury));
  await bench.succeeds(bench.pool.address, owner, proposeBody(FIRST_OWNER_PROPOSAL + 2, body));
  bench.wait(TIMELOCK_SECONDS);
  await bench.succeeds(bench.pool.address, owner, applyProposalBody(FIRST_OWNER_PROPOSAL + 2));
  assert.ok(await bench.balance(treasury) > TON);
  assert.equal(await bench.balance(bench.registry.address), TON / 20n);
});
