import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Address, beginCell, Cell, StateInit, Transaction } from '@ton/core';
import { Blockchain, internal } from '@ton/sandbox';
import { mainnetConfig } from '../localnet/mainnetPrices.js';
import { headOf, exitCodeOf } from '../wrappers/transactions.js';
import { ParticipantRegistry, parseRegistry, StakeTerms } from '../wrappers/participantRegistry.js';
import { actions, applyProposalBody, FIRST_OWNER_PROPOSAL, GOVERNANCE_VALUE_NANO, parsePoolOperator, PoolOperator, proposeBody, Role } from '../wrappers/poolOperator.js';
import { DistributionStorage, RewardDistribution } from '../wrappers/rewardDistribution.js';
import { parseStake, stakeAddress, StakeState } from '../wrappers/stakeAccount.js';
import { vaultAddress, vaultStateInit } from '../wrappers/workerVault.js';

export const TON = 1_000_000_000n;
export const START_TIME = 1_785_000_000;
export const TIMELOCK_SECONDS = 172_800;
export const WITHDRAWAL_DELAY_SECONDS = 604_800;
export const MINIMUM_STAKE = 10n * TON;

/** An account without code, of which a test says what it sends. */
export function person(name: string): Address {
  return new Address(0, createHash('sha256').update(`person ${name}`).digest());
}

export const owner = person('owner');
export const operator = person('operator');
export const treasury = person('treasury');
export const stranger = person('stranger');
export const workerNumber = createHash('sha256').update('worker').digest();

export const TERMS: StakeTerms = { minimumStakeNano: MINIMUM_STAKE, withdrawalDelaySeconds: WITHDRAWAL_DELAY_SECONDS, treasury };

/** All contracts of a pool on one emulated chain at mainnet's prices, deployed and linked as a deployment leaves them. */
export class PoolBench {
  readonly pool = PoolOperator.create(owner, operator, TIMELOCK_SECONDS);
  readonly distribution = RewardDistribution.create(operator, this.pool.address);
  readonly registry = ParticipantRegistry.create(operator, this.pool.address, TERMS);
  readonly vault = vaultAddress(this.pool.address, this.distribution.address, workerNumber);

  private constructor(readonly chain: Blockchain) {}

  static async create(): Promise<PoolBench> {
    const chain = await Blockchain.create({ config: mainnetConfig() });
    chain.now = START_TIME;
    const bench = new PoolBench(chain);
    await bench.deploy(bench.pool.address, bench.pool.init!);
    await bench.deploy(bench.distribution.address, bench.distribution.init!, TON);
    await bench.deploy(bench.registry.address, bench.registry.init!);
    await bench.deploy(bench.vault, vaultStateInit(bench.pool.address, bench.distribution.address, workerNumber));
    for (const [id, role, address] of [[0, Role.Distribution, bench.distribution.address], [1, Role.Registry, bench.registry.address]] as const) {
      await bench.succeeds(bench.pool.address, owner, proposeBody(FIRST_OWNER_PROPOSAL + id, actions.setLink(role, address)));
      await bench.succeeds(bench.pool.address, owner, applyProposalBody(FIRST_OWNER_PROPOSAL + id));
    }
    return bench;
  }

  async deploy(to: Address, stateInit: StateInit, value = TON / 10n): Promise<void> {
    await this.chain.sendMessage(internal({ from: operator, to, value, bounce: false, stateInit }));
  }

  /** Delivers one message and returns every transaction that followed from it, in order. */
  async send(to: Address, from: Address, body: Cell, value = GOVERNANCE_VALUE_NANO, bounce = true): Promise<Transaction[]> {
    return (await this.chain.sendMessage(internal({ from, to, value, body, bounce }))).transactions;
  }

  /** The exit code of the first transaction, the one of the contract that the message was sent to. */
  async codeOf(to: Address, from: Address, body: Cell, value?: bigint, bounce?: boolean): Promise<number | 'skipped'> {
    return exitCodeOf((await this.send(to, from, body, value, bounce))[0]!);
  }

  async succeeds(to: Address, from: Address, body: Cell, value?: bigint): Promise<Transaction[]> {
    const transactions = await this.send(to, from, body, value);
    for (const transaction of transactions) {
      const code = exitCodeOf(transaction);
      assert.ok(code === 0 || code === 'skipped', `a transaction of ${transaction.address.toString(16)} ended with ${code}`);
    }
    return transactions;
  }

  async balance(of: Address): Promise<bigint> {
    return (await this.chain.getContract(of)).balance;
  }

  async data(of: Address): Promise<Cell | null> {
    const state = (await this.chain.getContract(of)).accountState;
    return state?.type === 'active' ? state.state.data ?? null : null;
  }

  async codeHash(of: Address): Promise<string | null> {
    const state = (await this.chain.getContract(of)).accountState;
    return state?.type === 'active' ? state.state.code?.hash().toString('hex') ?? null : null;
  }

  async poolState() {
    return parsePoolOperator((await this.data(this.pool.address))!);
  }

  async registryState() {
    return parseRegistry((await this.data(this.registry.address))!);
  }

  async distributionState() {
    return DistributionStorage.parse((await this.data(this.distribution.address))!);
  }

  stakeOf(participant: Address): Address {
    return stakeAddress(this.registry.address, participant);
  }

  async stake(participant: Address): Promise<StakeState | null> {
    const data = await this.data(this.stakeOf(participant));
    return data === null ? null : parseStake(data);
  }

  wait(seconds: number): void {
    this.chain.now! += seconds;
  }

  /**
   * The least value at which a message takes effect, found by halving, with proof that one nanoTON less changes nothing
   * and leaves the contract no poorer. `effect` says whether it happened.
   */
  async leastValue(to: Address, from: Address, body: Cell, effect: () => Promise<boolean>, most = TON): Promise<bigint> {
    const happens = async (value: bigint) => {
      const snapshot = this.chain.snapshot();
      const before = await this.balance(to);
      const rent = rentOf((await this.send(to, from, body, value))[0]!);
      const happened = await effect();
      const after = await this.balance(to);
      await this.chain.loadFrom(snapshot);
      if (!happened) assert.ok(after >= before - rent, `refused with ${value} nanoTON, the contract paid ${before - after} itself`);
      return happened;
    };
    assert.equal(await happens(most), true, 'the message must take effect with a generous value');
    let [low, high] = [0n, most];
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if (await happens(middle)) high = middle; else low = middle;
    }
    return high;
  }
}

/** The storage rent that fell due with a transaction; it is not the sender's to pay. */
function rentOf(transaction: Transaction): bigint {
  const { description } = transaction;
  return 'storagePhase' in description ? description.storagePhase?.storageFeesCollected ?? 0n : 0n;
}

/** The op codes of the messages that a transaction sent. */
export function sentOps(transaction: Transaction): (number | null)[] {
  return transaction.outMessages.values().map(message => headOf(message).op);
}

/** A body that ends in the middle of its fields. */
export function cutShort(body: Cell): Cell {
  const slice = body.beginParse();
  const bits = Math.max(32, slice.remainingBits - 8);
  return beginCell().storeBits(slice.loadBits(bits)).endCell();
}

/** A bounced message as a contract gets it that never expected one. */
export async function bounceTo(bench: PoolBench, to: Address, op: number): Promise<Transaction> {
  const { transactions } = await bench.chain.sendMessage({
    info: {
      type: 'internal', ihrDisabled: true, bounce: false, bounced: true, src: stranger, dest: to,
      value: { coins: TON }, ihrFee: 0n, forwardFee: 0n, createdLt: 0n, createdAt: 0,
    },
    body: beginCell().storeUint(0xffffffff, 32).storeUint(op, 32).storeUint(0, 64).endCell(),
  });
  return transactions[0]!;
}
