import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { Address, beginCell, Cell } from '@ton/core';
import { ParticipantRegistry, parseRegistry } from '../wrappers/participantRegistry.js';
import { openEpochBody, payBatchBody } from '../wrappers/distributionMessages.js';
import { packPayoutList } from '../wrappers/payoutList.js';
import { actions, applyProposalBody, FIRST_OWNER_PROPOSAL, parsePoolOperator, PoolOperator, proposeBody, resumeBody, Role, sweepBody } from '../wrappers/poolOperator.js';
import { DistributionStorage, RewardDistribution } from '../wrappers/rewardDistribution.js';
import { completeWithdrawalBody, MAX_SUSPENSION_SECONDS, parseStake, requestWithdrawalBody, stakeAddress, STAKE_RESERVE_NANO } from '../wrappers/stakeAccount.js';
import { exitCodeOf } from '../wrappers/transactions.js';
import { vaultAddress, vaultStateInit, VAULT_RESERVE_NANO } from '../wrappers/workerVault.js';
import { BareChain } from './bareChain.js';
import { operator, owner, person, START_TIME, stranger, TERMS, TIMELOCK_SECONDS, TON, WITHDRAWAL_DELAY_SECONDS, workerNumber } from './bench.js';
import { participants, Places, randomFrom, randomStep } from './randomMessages.js';

const SEQUENCES = Number(process.env.COCOON_SEQUENCES ?? 2_000);
const STEPS = 5;
/** Every so many sequences, everybody takes out what is theirs. */
const WIND_DOWN_EVERY = 25;
const HOUR = 3_600;

class Pool implements Places {
  private readonly governance = PoolOperator.create(owner, operator, TIMELOCK_SECONDS);
  private readonly payer = RewardDistribution.create(operator, this.governance.address);
  private readonly registrar = ParticipantRegistry.create(operator, this.governance.address, TERMS);
  readonly pool = this.governance.address;
  readonly distribution = this.payer.address;
  readonly registry = this.registrar.address;
  readonly vault = vaultAddress(this.pool, this.distribution, workerNumber);

  constructor(readonly chain: BareChain) {}

  stakeOf(participant: Address): Address {
    return stakeAddress(this.registry, participant);
  }

  async deploy(): Promise<void> {
    const inits = [[this.pool, this.governance.init!], [this.distribution, this.payer.init!], [this.registry, this.registrar.init!],
      [this.vault, vaultStateInit(this.pool, this.distribution, workerNumber)]] as const;
    for (const [to, stateInit] of inits) await this.chain.send({ from: operator, to, value: TON, bounce: false, stateInit });
    for (const [i, target] of [this.distribution, this.registry].entries()) {
      await this.give(this.pool, owner, proposeBody(FIRST_OWNER_PROPOSAL + i, actions.setLink(i === 0 ? Role.Distribution : Role.Registry, target)));
      await this.give(this.pool, owner, applyProposalBody(FIRST_OWNER_PROPOSAL + i));
    }
  }

  give(to: Address, from: Address, body: Cell, value = TON) {
    return this.chain.send({ from, to, value, body, bounce: true });
  }

  distributionState() {
    return DistributionStorage.parse(this.chain.data(this.distribution)!);
  }

  /** What holds at any moment: debts are covered, and every stake is there. */
  checkPromises(): void {
    const { sharesOwedNano, feesEarnedNano, feesOwedNano } = this.distributionState();
    assert.ok(this.chain.balance(this.distribution) >= sharesOwedNano + feesOwedNano, 'the distribution holds all it owes');
    assert.ok(feesEarnedNano <= feesOwedNano);
    for (const participant of participants) {
      const data = this.chain.data(this.stakeOf(participant));
      if (data === null) continue;
      const { stakeNano, withdrawalNano } = parseStake(data);
      assert.ok(this.chain.balance(this.stakeOf(participant)) >= stakeNano, 'a stake account holds the stake');
      assert.ok(withdrawalNano <= stakeNano, 'a withdrawal is part of the stake');
    }
  }
}

test(`${SEQUENCES} random sequences over all contracts: no coin appears, disappears or gets stuck`, { timeout: 600_000 }, async () => {
  const seed = Number(process.env.COCOON_SEED ?? randomInt(2 ** 31));
  console.log(`conservation seed ${seed} (COCOON_SEED=${seed} runs it again)`);
  const random = randomFrom(seed);
  const pool = new Pool(await BareChain.create(START_TIME));
  await pool.deploy();
  const before = pool.chain.total();
  const restore = pool.chain.snapshot();
  let accepted = 0;
  for (let sequence = 0; sequence < SEQUENCES; sequence++) {
    restore();
    for (let step = 0; step < STEPS; step++) {
      pool.chain.now += random(3) === 0 ? random(10 * 24) * HOUR : random(HOUR);
      const transactions = await pool.chain.send(randomStep(random, pool));
      if (exitCodeOf(transactions[0]!) === 0) accepted++;
    }
    pool.checkPromises();
    if (sequence % WIND_DOWN_EVERY === 0) await windDown(pool);
    assert.equal(pool.chain.total() + pool.chain.fees, before + pool.chain.deposited, `sequence ${sequence}: balances and fees are what was deposited`);
  }
  console.log(`${accepted} of ${SEQUENCES * STEPS} messages were accepted`);
  assert.ok(accepted > SEQUENCES, 'the sequences must also reach accepted commands');
});

/** Everybody takes out what is theirs; afterwards only the reserves for rent are left, so nothing can have got stuck. */
async function windDown(pool: Pool): Promise<void> {
  const { chain } = pool;
  await pool.give(pool.pool, owner, resumeBody());
  for (const participant of participants) await withdrawAll(pool, participant);
  await pool.give(pool.vault, stranger, beginCell().endCell());
  assert.equal(chain.balance(pool.vault), VAULT_RESERVE_NANO);
  await distributeAll(pool);
  await sweepRegistry(pool);
  await pool.give(pool.pool, owner, sweepBody(owner));
  assert.equal(chain.balance(pool.pool), TON / 20n);
}

async function withdrawAll(pool: Pool, participant: Address): Promise<void> {
  const account = pool.stakeOf(participant);
  const look = () => {
    const data = pool.chain.data(account);
    return data === null ? null : parseStake(data);
  };
  for (let round = 0; (look()?.stakeNano ?? 0n) > 0n; round++) {
    assert.ok(round < 3, 'a stake leaves in at most two withdrawals');
    if (look()!.withdrawalNano === 0n) await pool.give(account, participant, requestWithdrawalBody(look()!.stakeNano));
    pool.chain.now += WITHDRAWAL_DELAY_SECONDS + MAX_SUSPENSION_SECONDS;
    await pool.give(account, participant, completeWithdrawalBody());
  }
  if (look() !== null) assert.ok(pool.chain.balance(account) <= STAKE_RESERVE_NANO);
}

/** Revenue leaves by a new epoch that pays all of it; what open epochs owe is their participants'. */
async function distributeAll(pool: Pool): Promise<void> {
  const { chain, distribution } = pool;
  const { sharesOwedNano, feesOwedNano } = pool.distributionState();
  const surplus = chain.balance(distribution) - sharesOwedNano - feesOwedNano - TON / 10n;
  // A command settles the rent that is due, so a little is left for that.
  const total = surplus - TON / 100n;
  if (total <= 0n) return;
  const terms = { epoch: 77, totalNano: total, feeNano: 0n, count: 1, claimFrom: 1, merkleRoot: Buffer.alloc(32), bundleHash: Buffer.alloc(32) };
  for (const body of [openEpochBody(terms), payBatchBody(77, 0, packPayoutList([{ to: person('heir'), amountNano: total }]))])
    assert.equal(exitCodeOf((await pool.give(distribution, operator, body))[0]!), 0);
  assert.ok(chain.balance(distribution) <= sharesOwedNano + feesOwedNano + TON / 10n + TON / 100n);
}

async function sweepRegistry(pool: Pool): Promise<void> {
  const id = parsePoolOperator(pool.chain.data(pool.pool)!).nextOwnerProposal;
  await pool.give(pool.pool, owner, proposeBody(id, actions.commandLinked(Role.Registry, sweepBody(person('treasury')))));
  pool.chain.now += TIMELOCK_SECONDS;
  await pool.give(pool.pool, owner, applyProposalBody(id));
  assert.equal(pool.chain.balance(pool.registry), TON / 20n);
  assert.equal(parseRegistry(pool.chain.data(pool.registry)!).paused, false);
}
