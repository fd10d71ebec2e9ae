import {
  Address, beginCell, Cell, Contract, contractAddress, ContractProvider, Dictionary, DictionaryValue, StateInit,
  TupleReader,
} from '@ton/core';
import { rawAddress } from './address.js';
import { codeOf } from './contractCode.js';

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
  readonly claimFrom: number;
  readonly pushedCount: number;
  readonly releasedCount: number;
  readonly claimedCount: number;
  readonly merkleRoot: string;
  readonly bundleHash: string;
  readonly batches: readonly PaidBatch[];
  /** Indexes of entries that were held back and may be claimed, and of all entries claimed so far. */
  readonly released: readonly number[];
  readonly claimed: readonly number[];
}

export interface DistributionState {
  readonly operator: string;
  readonly admin: string;
  readonly paused: boolean;
  readonly prunedBelow: number;
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

/** Operator and admin are in the state init, so the address itself says who may command. */
export function distributionStateInit(operator: Address, admin: Address, code = codeOf('RewardDistribution')): StateInit {
  const data = beginCell()
    .storeAddress(operator).storeAddress(admin).storeBit(false).storeUint(0, 32)
    .storeCoins(0).storeCoins(0).storeCoins(0).storeDict(null).endCell();
  return { code, data };
}

export class RewardDistribution implements Contract {
  private constructor(readonly address: Address, readonly init?: StateInit) {}

  static create(operator: Address, admin: Address): RewardDistribution {
    const init = distributionStateInit(operator, admin);
    return new RewardDistribution(contractAddress(0, init), init);
  }

  static at(address: Address): RewardDistribution {
    return new RewardDistribution(address);
  }

  async getDistribution(provider: ContractProvider): Promise<DistributionState> {
    return readDistribution((await provider.get('get_distribution', [])).stack);
  }

  async getEpoch(provider: ContractProvider, epoch: number): Promise<EpochState> {
    const cell = (await provider.get('get_epoch_cell', [{ type: 'int', value: BigInt(epoch) }])).stack.readCellOpt();
    return cell === null ? NEVER_OPENED : parseEpoch(cell);
  }
}

/** What the data cell of the contract holds. Read whole, so that debts and epochs are of one block. */
export class DistributionStorage {
  private constructor(
    readonly operator: Address,
    readonly admin: Address,
    readonly paused: boolean,
    readonly prunedBelow: number,
    readonly sharesOwedNano: bigint,
    readonly feesOwedNano: bigint,
    readonly feesEarnedNano: bigint,
    private readonly epochs: Dictionary<number, Cell>,
  ) {}

  static parse(data: Cell): DistributionStorage {
    const slice = data.beginParse();
    return new DistributionStorage(slice.loadAddress(), slice.loadAddress(), slice.loadBit(), slice.loadUint(32),
      slice.loadCoins(), slice.loadCoins(), slice.loadCoins(),
      slice.loadDict(Dictionary.Keys.Uint(32), Dictionary.Values.Cell()));
  }

  epoch(number: number): EpochState {
    const cell = this.epochs.get(number);
    return cell === undefined ? NEVER_OPENED : parseEpoch(cell);
  }

  epochNumbers(): number[] {
    return this.epochs.keys().sort((a, b) => a - b);
  }
}

const NEVER_OPENED: EpochState = {
  opened: false, totalNano: 0n, paidNano: 0n, feeNano: 0n, count: 0, claimFrom: 0, pushedCount: 0, releasedCount: 0,
  claimedCount: 0, merkleRoot: '0'.repeat(64), bundleHash: '0'.repeat(64), batches: [], released: [], claimed: [],
};

function parseEpoch(cell: Cell): EpochState {
  const slice = cell.beginParse();
  const head = {
    opened: true, totalNano: slice.loadCoins(), paidNano: slice.loadCoins(), feeNano: slice.loadCoins(),
    count: slice.loadUint(32), claimFrom: slice.loadUint(32), pushedCount: slice.loadUint(32),
    releasedCount: slice.loadUint(32), claimedCount: slice.loadUint(32),
  };
  const commitment = slice.loadRef().beginParse();
  const batches = slice.loadDict(Dictionary.Keys.Uint(16), batchValue);
  return {
    ...head, merkleRoot: commitment.loadBuffer(32).toString('hex'), bundleHash: commitment.loadBuffer(32).toString('hex'),
    batches: [...batches].map(([index, batch]) => ({ index, ...batch })).sort((a, b) => a.index - b.index),
    released: indexesOf(slice.loadDict(Dictionary.Keys.Uint(32), Dictionary.Values.BigUint(256))),
    claimed: indexesOf(slice.loadDict(Dictionary.Keys.Uint(32), Dictionary.Values.BigUint(256))),
  };
}

/** A set of entries is kept as words of 256 bits, bit `index % 256` of word `index / 256`. */
function indexesOf(words: Dictionary<number, bigint>): number[] {
  const indexes: number[] = [];
  for (const [position, word] of words)
    for (let bit = 0; bit < 256; bit++) if (((word >> BigInt(bit)) & 1n) === 1n) indexes.push(position * 256 + bit);
  return indexes.sort((a, b) => a - b);
}

function readDistribution(stack: TupleReader): DistributionState {
  return {
    operator: rawAddress(stack.readAddress()),
    admin: rawAddress(stack.readAddress()),
    paused: stack.readBoolean(),
    prunedBelow: stack.readNumber(),
    balanceNano: stack.readBigNumber(),
    sharesOwedNano: stack.readBigNumber(),
    feesOwedNano: stack.readBigNumber(),
    feesEarnedNano: stack.readBigNumber(),
    storageReserveNano: stack.readBigNumber(),
  };
}
