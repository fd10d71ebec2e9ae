import { readFileSync } from 'node:fs';
import {
  Address, beginCell, Cell, Contract, contractAddress, ContractProvider, Dictionary, DictionaryValue, StateInit,
  TupleReader,
} from '@ton/core';
import { rawAddress } from './address.js';

export interface PaidBatch {
  readonly index: number;
  readonly listHash: string;
  readonly amountNano: bigint;
}

export interface EpochState {
  readonly opened: boolean;
  readonly totalNano: bigint;
  readonly paidNano: bigint;
  readonly feeNano: bigint;
  readonly count: number;
  readonly paidCount: number;
  readonly merkleRoot: string;
  readonly bundleHash: string;
  readonly batches: readonly PaidBatch[];
}

export interface DistributionState {
  readonly owner: string;
  readonly balanceNano: bigint;
  readonly sharesOwedNano: bigint;
  readonly feesOwedNano: bigint;
  readonly feesEarnedNano: bigint;
  readonly storageReserveNano: bigint;
}

const batchValue: DictionaryValue<{ listHash: string; amountNano: bigint }> = {
  serialize: (batch, builder) => builder.storeBuffer(Buffer.from(batch.listHash, 'hex'), 32).storeCoins(batch.amountNano),
  parse: slice => ({ listHash: slice.loadBuffer(32).toString('hex'), amountNano: slice.loadCoins() }),
};

const hex256 = (value: bigint) => value.toString(16).padStart(64, '0');

export function distributionCode(): Cell {
  const file = new URL('../RewardDistribution.json', import.meta.url);
  return Cell.fromBase64((JSON.parse(readFileSync(file, 'utf8')) as { code: string }).code);
}

/** The state init holds the owner, so the address itself says who may command. */
export function distributionStateInit(owner: Address, code = distributionCode()): StateInit {
  const data = beginCell()
    .storeAddress(owner).storeCoins(0).storeCoins(0).storeCoins(0).storeDict(null).endCell();
  return { code, data };
}

export class RewardDistribution implements Contract {
  private constructor(readonly address: Address, readonly init?: StateInit) {}

  static ofOwner(owner: Address): RewardDistribution {
    const init = distributionStateInit(owner);
    return new RewardDistribution(contractAddress(0, init), init);
  }

  static at(address: Address): RewardDistribution {
    return new RewardDistribution(address);
  }

  async getDistribution(provider: ContractProvider): Promise<DistributionState> {
    return readDistribution((await provider.get('get_distribution', [])).stack);
  }

  async getEpoch(provider: ContractProvider, epoch: number): Promise<EpochState> {
    return readEpoch((await provider.get('get_epoch', [{ type: 'int', value: BigInt(epoch) }])).stack);
  }
}

/** What the data cell of the contract holds. Read whole, so that debts and epochs are of one block. */
export class DistributionStorage {
  private constructor(
    readonly owner: Address,
    readonly sharesOwedNano: bigint,
    readonly feesOwedNano: bigint,
    readonly feesEarnedNano: bigint,
    private readonly epochs: Dictionary<number, Cell>,
  ) {}

  static parse(data: Cell): DistributionStorage {
    const slice = data.beginParse();
    return new DistributionStorage(slice.loadAddress(), slice.loadCoins(), slice.loadCoins(), slice.loadCoins(),
      slice.loadDict(Dictionary.Keys.Uint(32), Dictionary.Values.Cell()));
  }

  epoch(number: number): EpochState {
    const cell = this.epochs.get(number);
    return cell === undefined ? NEVER_OPENED : parseEpoch(cell);
  }
}

const NEVER_OPENED: EpochState = {
  opened: false, totalNano: 0n, paidNano: 0n, feeNano: 0n, count: 0, paidCount: 0,
  merkleRoot: hex256(0n), bundleHash: hex256(0n), batches: [],
};

function parseEpoch(cell: Cell): EpochState {
  const slice = cell.beginParse();
  const head = {
    opened: true, totalNano: slice.loadCoins(), paidNano: slice.loadCoins(), feeNano: slice.loadCoins(),
    count: slice.loadUint(32), paidCount: slice.loadUint(32),
  };
  const commitment = slice.loadRef().beginParse();
  const batches = slice.loadDict(Dictionary.Keys.Uint(16), batchValue);
  return {
    ...head, merkleRoot: commitment.loadBuffer(32).toString('hex'), bundleHash: commitment.loadBuffer(32).toString('hex'),
    batches: sortedBatches(batches),
  };
}

function sortedBatches(batches: Iterable<[number, Omit<PaidBatch, 'index'>]>): PaidBatch[] {
  return [...batches].map(([index, batch]) => ({ index, ...batch })).sort((a, b) => a.index - b.index);
}

export function readDistribution(stack: TupleReader): DistributionState {
  return {
    owner: rawAddress(stack.readAddress()),
    balanceNano: stack.readBigNumber(),
    sharesOwedNano: stack.readBigNumber(),
    feesOwedNano: stack.readBigNumber(),
    feesEarnedNano: stack.readBigNumber(),
    storageReserveNano: stack.readBigNumber(),
  };
}

export function readEpoch(stack: TupleReader): EpochState {
  const head = {
    opened: stack.readBoolean(),
    totalNano: stack.readBigNumber(),
    paidNano: stack.readBigNumber(),
    feeNano: stack.readBigNumber(),
    count: stack.readNumber(),
    paidCount: stack.readNumber(),
    merkleRoot: hex256(stack.readBigNumber()),
    bundleHash: hex256(stack.readBigNumber()),
  };
  const cell = stack.readCellOpt();
  return { ...head, batches: cell === null ? [] : sortedBatches(Dictionary.loadDirect(Dictionary.Keys.Uint(16), batchValue, cell)) };
}
