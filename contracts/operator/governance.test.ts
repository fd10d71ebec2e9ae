import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginCell, Cell } from '@ton/core';
import { bounceTo, cutShort, operator, owner, person, PoolBench, stranger, TIMELOCK_SECONDS, TON } from '../protocol/bench.js';
import { setOperatorBody, upgradeCodeBody } from '../wrappers/distributionMessages.js';
import { ExitCode } from '../wrappers/exitCodes.js';
import { Op } from '../wrappers/operations.js';
import {
  acceptOwnerBody, actions, applyProposalBody, cancelProposalBody, FIRST_OWNER_PROPOSAL, parameterKey, pauseBody, PoolOperator, PROPOSAL_LIFETIME_SECONDS,
  proposeBody, proposeOwnerBody, relayFromVaultBody, resumeBody, Role, sweepBody,
} from '../wrappers/poolOperator.js';

// Creating a bench uses the owner's first two numbers, for the links.
const OWNER_NEXT = FIRST_OWNER_PROPOSAL + 2;
const fee = actions.setParameter('pool.fee_per_mille', 50n);
/** Any code that is not the present one. */
const otherCode = beginCell().storeUint(0xff00f4a413f4bcf2, 64).endCell();

async function propose(bench: PoolBench, action: Cell, id = OWNER_NEXT, from = owner) {
  return bench.codeOf(bench.pool.address, from, proposeBody(id, action));
}

test('a first caller cannot own the contract: the owner is in the state init, and no message sets it up', async () => {
  const bench = await PoolBench.create();
  for (const body of [proposeOwnerBody(stranger), acceptOwnerBody(), proposeBody(0, fee), pauseBody(), resumeBody(), sweepBody(stranger), applyProposalBody(0), cancelProposalBody(0)])
    assert.equal(await bench.codeOf(bench.pool.address, stranger, body), ExitCode.NotAllowed);
  assert.equal(await bench.codeOf(bench.pool.address, stranger, relayFromVaultBody(bench.vault, stranger, 0, Cell.EMPTY)), ExitCode.NotAllowed);
  const { owner: ownerNow, operator: operatorNow } = await bench.poolState();
  assert.deepEqual([ownerNow, operatorNow], [owner.toRawString(), operator.toRawString()]);
  const opened = bench.chain.openContract(bench.pool);
  assert.equal((await opened.getOwners()).owner, owner.toRawString());
});

test('ownership passes in two steps, so a mistyped address gets nothing and the owner can think again', async () => {
  const bench = await PoolBench.create();
  const [next, other] = [person('next owner'), person('other owner')];
  await bench.succeeds(bench.pool.address, owner, proposeOwnerBody(other));
  await bench.succeeds(bench.pool.address, owner, proposeOwnerBody(next));
  assert.equal(await bench.codeOf(bench.pool.address, other, acceptOwnerBody()), ExitCode.NotAllowed);
  assert.equal((await bench.poolState()).owner, owner.toRawString());
  await bench.succeeds(bench.pool.address, next, acceptOwnerBody());
  const state = await bench.poolState();
  assert.deepEqual([state.owner, state.pendingOwner], [next.toRawString(), null]);
  assert.equal(await bench.codeOf(bench.pool.address, owner, proposeOwnerBody(owner)), ExitCode.NotAllowed);
  assert.equal(await bench.codeOf(bench.pool.address, next, acceptOwnerBody()), ExitCode.NotAllowed, 'an acceptance works once');
});

test('a parameter waits for the timelock, then can be applied once', async () => {
  const bench = await PoolBench.create();
  assert.equal(await propose(bench, fee, 0, operator), 0);
  assert.equal(await bench.codeOf(bench.pool.address, operator, applyProposalBody(0)), ExitCode.TooEarly);
  bench.wait(TIMELOCK_SECONDS - 1);
  assert.equal(await bench.codeOf(bench.pool.address, owner, applyProposalBody(0)), ExitCode.TooEarly);
  bench.wait(1);
  const opened = bench.chain.openContract(bench.pool);
  assert.equal(await opened.getParameter('pool.fee_per_mille'), null);
  await bench.succeeds(bench.pool.address, operator, applyProposalBody(0));
  assert.equal(await opened.getParameter('pool.fee_per_mille'), 50n);
  assert.equal((await bench.poolState()).parameters.get(parameterKey('pool.fee_per_mille').toString('hex')), 50n);
  assert.equal(await bench.codeOf(bench.pool.address, operator, applyProposalBody(0)), ExitCode.Gone);
  assert.equal(await propose(bench, fee, 0, operator), ExitCode.Gone, 'a number is used once');
});

test('a repeated proposal is one proposal; other content under its number is refused', async () => {
  const bench = await PoolBench.create();
  assert.equal(await propose(bench, fee), 0);
  const before = await bench.poolState();
  bench.wait(100);
  assert.equal(await propose(bench, fee), 0);
  assert.deepEqual((await bench.poolState()).proposals[0]!.proposedAt, before.proposals[0]!.proposedAt);
  assert.equal(await propose(bench, actions.setParameter('pool.fee_per_mille', 51n)), ExitCode.Conflict);
  assert.equal(await propose(bench, fee, OWNER_NEXT + 5), ExitCode.ProposalUnknown);
  assert.equal((await bench.poolState()).nextOwnerProposal, before.nextOwnerProposal);
});

test('a cancelled proposal cannot be applied, and one that nobody applied expires', async () => {
  const bench = await PoolBench.create();
  await propose(bench, fee);
  await bench.succeeds(bench.pool.address, owner, cancelProposalBody(OWNER_NEXT));
  bench.wait(TIMELOCK_SECONDS);
  assert.equal(await bench.codeOf(bench.pool.address, owner, applyProposalBody(OWNER_NEXT)), ExitCode.Gone);
  assert.equal(await bench.codeOf(bench.pool.address, owner, applyProposalBody(OWNER_NEXT + 1)), ExitCode.ProposalUnknown);
  await propose(bench, fee, OWNER_NEXT + 1);
  bench.wait(TIMELOCK_SECONDS + PROPOSAL_LIFETIME_SECONDS);
  assert.equal(await bench.codeOf(bench.pool.address, owner, applyProposalBody(OWNER_NEXT + 1)), ExitCode.ProposalExpired);
  await bench.succeeds(bench.pool.address, owner, cancelProposalBody(OWNER_NEXT + 1));
});

test('the operator proposes parameters and nothing else, and cannot stop its own replacement', async () => {
  const bench = await PoolBench.create();
  for (const action of [actions.setLink(Role.Registry, stranger), actions.changeOperator(stranger), actions.changeTimelock(0), actions.upgradeSelf(otherCode), actions.commandLinked(Role.Registry, Cell.EMPTY)])
    assert.equal(await propose(bench, action, 0, operator), ExitCode.OwnerOnly);
  assert.equal(await propose(bench, actions.changeOperator(person('new operator'))), 0);
  assert.equal(await bench.codeOf(bench.pool.address, operator, cancelProposalBody(OWNER_NEXT)), ExitCode.OwnerOnly);
  // Using up numbers does not help either: the owner has its own.
  for (let id = 0; id < 3; id++) await propose(bench, fee, id, operator);
  bench.wait(TIMELOCK_SECONDS);
  await bench.succeeds(bench.pool.address, owner, applyProposalBody(OWNER_NEXT));
  assert.equal(await bench.codeOf(bench.pool.address, operator, pauseBody()), ExitCode.NotAllowed);
});

test('a shorter timelock shortens nothing that was announced before', async () => {
  const bench = await PoolBench.create();
  await propose(bench, actions.changeTimelock(60));
  bench.wait(TIMELOCK_SECONDS / 2);
  await propose(bench, fee, OWNER_NEXT + 1);
  bench.wait(TIMELOCK_SECONDS / 2);
  await bench.succeeds(bench.pool.address, owner, applyProposalBody(OWNER_NEXT));
  assert.equal(await bench.codeOf(bench.pool.address, owner, applyProposalBody(OWNER_NEXT + 1)), ExitCode.TooEarly);
  await propose(bench, fee, OWNER_NEXT + 2);
  bench.wait(60);
  await bench.succeeds(bench.pool.address, owner, applyProposalBody(OWNER_NEXT + 2));
});

test('a first link needs no waiting time, a second one does, however both were proposed', async () => {
  const bench = await PoolBench.create();
  await propose(bench, actions.setLink(Role.Registry, stranger));
  assert.equal(await bench.codeOf(bench.pool.address, owner, applyProposalBody(OWNER_NEXT)), ExitCode.TooEarly);
  assert.equal((await bench.poolState()).links.get(Role.Registry), bench.registry.address.toRawString());
});

test('pausing reaches the linked contracts at once; only the owner resumes', async () => {
  const bench = await PoolBench.create();
  await bench.succeeds(bench.pool.address, operator, pauseBody());
  const paused = async () => [(await bench.poolState()).paused, (await bench.distributionState()).paused, (await bench.registryState()).paused];
  assert.deepEqual(await paused(), [true, true, true]);
  assert.equal(await bench.codeOf(bench.pool.address, operator, resumeBody()), ExitCode.NotAllowed);
  await bench.succeeds(bench.pool.address, owner, resumeBody());
  assert.deepEqual(await paused(), [false, false, false]);
});

test('the operator wallet of a linked contract is replaced by proposal', async () => {
  const bench = await PoolBench.create();
  const next = person('new wallet');
  await propose(bench, actions.commandLinked(Role.Distribution, setOperatorBody(next, owner)));
  bench.wait(TIMELOCK_SECONDS);
  await bench.succeeds(bench.pool.address, owner, applyProposalBody(OWNER_NEXT));
  assert.equal((await bench.distributionState()).operator.equals(next), true);
  assert.equal(await bench.codeOf(bench.distribution.address, owner, setOperatorBody(owner, owner)), ExitCode.NotAllowed);
});

test('code is upgraded by proposal only, here and in linked contracts, and data and address stay', async () => {
  const bench = await PoolBench.create();
  await propose(bench, actions.commandLinked(Role.Distribution, upgradeCodeBody(otherCode, owner)));
  await propose(bench, actions.upgradeSelf(otherCode), OWNER_NEXT + 1);
  bench.wait(TIMELOCK_SECONDS);
  const data = (await bench.data(bench.distribution.address))!.hash();
  await bench.succeeds(bench.pool.address, owner, applyProposalBody(OWNER_NEXT));
  assert.equal(await bench.codeHash(bench.distribution.address), otherCode.hash().toString('hex'));
  assert.deepEqual((await bench.data(bench.distribution.address))!.hash(), data);
  await bench.succeeds(bench.pool.address, owner, applyProposalBody(OWNER_NEXT + 1));
  assert.equal(await bench.codeHash(bench.pool.address), otherCode.hash().toString('hex'));
  for (const contract of [bench.distribution.address, bench.registry.address])
    assert.notEqual(await bench.codeOf(contract, stranger, upgradeCodeBody(Cell.EMPTY, stranger)), 0);
});

test('a command needs a link, and an action nobody knows never starts to wait', async () => {
  const bench = await PoolBench.create();
  await propose(bench, actions.commandLinked(7 as Role, Cell.EMPTY));
  bench.wait(TIMELOCK_SECONDS);
  assert.equal(await bench.codeOf(bench.pool.address, owner, applyProposalBody(OWNER_NEXT)), ExitCode.LinkUnknown);
  assert.equal(await propose(bench, beginCell().storeUint(0x77, 8).endCell(), OWNER_NEXT + 1), ExitCode.Malformed);
});

test('malformed bodies and unknown commands are refused, and their coins return', async () => {
  const bench = await PoolBench.create();
  for (const body of [proposeOwnerBody(stranger), proposeBody(OWNER_NEXT, fee), applyProposalBody(0), pauseBody(), sweepBody(stranger)]) {
    const before = await bench.balance(bench.pool.address);
    const transactions = await bench.send(bench.pool.address, owner, cutShort(body));
    assert.notEqual(transactions[0]!.outMessagesCount, 0, 'the value bounces');
    assert.ok(await bench.balance(bench.pool.address) >= before - 1_000n);
  }
  assert.equal(await bench.codeOf(bench.pool.address, owner, beginCell().storeUint(0x12345678, 32).endCell()), ExitCode.UnknownOperation);
});

test('with the least value a command works, with one nanoTON less nothing changes', async () => {
  const bench = await PoolBench.create();
  const least = await bench.leastValue(bench.pool.address, owner, pauseBody(), async () => (await bench.distributionState()).paused && (await bench.registryState()).paused);
  assert.ok(least > 0n && least < TON / 5n, `${least}`);
  const proposal = await bench.leastValue(bench.pool.address, owner, proposeBody(OWNER_NEXT, fee), async () => (await bench.poolState()).proposals.length === 1);
  assert.ok(proposal < TON / 50n, `${proposal}`);
});

test('a contract can own the pool: ownership goes to one that needs proposals of its own, as a multisig does', async () => {
  const bench = await PoolBench.create();
  const council = PoolOperator.create(owner, operator, 60);
  await bench.deploy(council.address, council.init!);
  let id = FIRST_OWNER_PROPOSAL;
  const decide = async (action: Cell) => {
    await bench.succeeds(council.address, owner, proposeBody(id, action));
    bench.wait(60);
    await bench.succeeds(council.address, owner, applyProposalBody(id++));
  };
  await decide(actions.setLink(Role.Distribution, bench.pool.address));
  await bench.succeeds(bench.pool.address, owner, proposeOwnerBody(council.address));
  await decide(actions.commandLinked(Role.Distribution, acceptOwnerBody()));
  assert.equal((await bench.poolState()).owner, council.address.toRawString());
  assert.equal(await propose(bench, fee), ExitCode.NotAllowed);
  await decide(actions.commandLinked(Role.Distribution, proposeBody(OWNER_NEXT, fee)));
  assert.equal((await bench.poolState()).proposals.length, 1);
});

test('coins that bounce back or are sent by mistake leave by sweeping, and the reserve stays', async () => {
  const bench = await PoolBench.create();
  assert.equal((await bounceTo(bench, bench.pool.address, Op.SetPaused)).outMessagesCount, 0);
  const before = await bench.balance(owner);
  await bench.succeeds(bench.pool.address, owner, sweepBody(owner));
  assert.ok(await bench.balance(owner) > before + TON);
  assert.equal(await bench.balance(bench.pool.address), TON / 20n);
});
