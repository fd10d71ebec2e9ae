import { createHash } from 'node:crypto';
import { Address, beginCell, Cell, Transaction } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { Blockchain, internal, SandboxContract } from '@ton/sandbox';
import { mainnetConfig } from '../localnet/mainnetPrices.js';
import { EpochTerms, openEpochBody, payBatchBody, payBatchValueNano } from '../wrappers/distributionMessages.js';
import { signTransfer, walletOf } from '../wrappers/operatorWallet.js';
import { packPayoutList, Payout, totalOf } from '../wrappers/payoutList.js';
import { exitCodeOf, feesOf } from '../wrappers/transactions.js';
import { DistributionStorage, RewardDistribution } from '../wrappers/rewardDistribution.js';

export { exitCodeOf, feesOf };

export const TON = 1_000_000_000n;
/** A fixed clock: storage rent is part of every figure, and figures must not depend on the day. */
export const START_TIME = 1_785_000_000;

/** Stands for PoolOperator, whose own behaviour is tested in its room. */
export const ADMIN = payee('the admin');

const operatorKeys = keyPairFromSeed(createHash('sha256').update('test operator').digest());

export function payee(name: string | number): Address {
  return new Address(0, createHash('sha256').update(`payee ${name}`).digest());
}

export function payouts(count: number, amountNano: (i: number) => bigint = () => TON, from = 0): Payout[] {
  return Array.from({ length: count }, (_, i) => ({ to: payee(from + i), amountNano: amountNano(i) }));
}

export function terms(epoch: number, totalNano: bigint, over: Partial<EpochTerms> = {}): EpochTerms {
  return { epoch, totalNano, feeNano: 0n, count: 250, claimFrom: over.count ?? 250, merkleRoot: Buffer.alloc(32, 7), bundleHash: Buffer.alloc(32, 9), ...over };
}

/** One chain with the contract deployed and funded, and an operator that is a real W5R1 wallet. */
export class Bench {
  private constructor(readonly chain: Blockchain, readonly distribution: SandboxContract<RewardDistribution>) {}

  readonly operator = walletOf(operatorKeys.publicKey).address;
  seqno = 0;

  static async create(revenueNano = 0n): Promise<Bench> {
    const chain = await Blockchain.create({ config: mainnetConfig() });
    chain.now = START_TIME;
    const distribution = RewardDistribution.create(walletOf(operatorKeys.publicKey).address, ADMIN);
    const bench = new Bench(chain, chain.openContract(distribution));
    const stranger = payee('whoever deploys');
    // 0.11 TON: the reserve of 0.1, and what the deployment itself and later rent cost.
    await chain.sendMessage(internal({
      from: stranger, to: distribution.address, value: TON / 10n + TON / 100n, bounce: false, stateInit: distribution.init!,
    }));
    if (revenueNano > 0n) await bench.revenue(revenueNano);
    await chain.sendMessage(internal({ from: stranger, to: bench.operator, value: 100n * TON, bounce: false }));
    return bench;
  }

  get address(): Address {
    return this.distribution.address;
  }

  async balance(of = this.address): Promise<bigint> {
    return (await this.chain.getContract(of)).balance;
  }

  async revenue(nano: bigint, body: Cell = Cell.EMPTY, from = payee('customer')): Promise<Transaction> {
    return this.deliver(from, nano, body);
  }

  /** Delivers one internal message and returns the contract's transaction of it. */
  async deliver(from: Address, value: bigint, body: Cell, bounce = true): Promise<Transaction> {
    const { transactions } = await this.chain.sendMessage(internal({ from, to: this.address, value, body, bounce }));
    return transactions[0]!;
  }

  async open(epoch: EpochTerms, value = TON): Promise<Transaction> {
    return this.deliver(this.operator, value, openEpochBody(epoch));
  }

  async pay(epoch: number, batch: number, list: Payout[], value = payBatchValueNano(list.length)): Promise<Transaction> {
    return this.deliver(this.operator, value, payBatchBody(epoch, batch, packPayoutList(list)));
  }

  /** The way of production: an external message to the operator's wallet, which sends the command on. */
  async payThroughWallet(epoch: number, batch: number, list: Payout[]): Promise<Transaction[]> {
    const signed = signTransfer(operatorKeys, {
      to: this.address, valueNano: payBatchValueNano(list.length), bounce: true,
      body: payBatchBody(epoch, batch, packPayoutList(list)),
    }, this.seqno++, this.chain.now! + 60);
    return (await this.chain.sendMessage(Cell.fromBoc(signed.boc)[0]!)).transactions;
  }

  async epoch(number: number) {
    return this.distribution.getEpoch(number);
  }

  /** The same as `state` and `epoch` give, without running a get method: for tests that look after every step. */
  async storage(): Promise<DistributionStorage> {
    const { accountState } = await this.chain.getContract(this.address);
    if (accountState?.type !== 'active') throw new Error('the contract is not deployed');
    return DistributionStorage.parse(accountState.state.data!);
  }

  async state() {
    return this.distribution.getDistribution();
  }
}

export function bodyOf(op: number): Cell {
  return beginCell().storeUint(op, 32).endCell();
}

/** Measures what one batch costs the operator, through the wallet as in production. */
export async function measureBatch(size: number) {
  const list = payouts(size, i => 1_000_000_000n + BigInt(i));
  const bench = await Bench.create(totalOf(list) + TON / 100n);
  // The wallet is deployed by an earlier command, because the first message of a wallet costs more than all others.
  await bench.payThroughWallet(0, 0, payouts(1));
  await bench.open(terms(1, totalOf(list)));
  const transactions = await bench.payThroughWallet(1, 0, list);
  const [wallet, contract] = transactions as [Transaction, Transaction];
  const gas = contract.description.type === 'generic' && contract.description.computePhase.type === 'vm'
    ? contract.description.computePhase.gasUsed : 0n;
  const feeNano = feesOf(wallet) + feesOf(contract);
  return { payouts: size, exitCode: exitCodeOf(contract), gas, feeNano, feePerPayoutNano: feeNano / BigInt(size) };
}
