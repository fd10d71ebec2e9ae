import { createHash } from 'node:crypto';
import { Address, beginCell, Cell, Contract, contractAddress, ContractProvider, StateInit } from '@ton/core';
import { rawAddress } from './address.js';
import { codeOf } from './contractCode.js';
import { Op } from './operations.js';

const command = (op: number, queryId: bigint) => beginCell().storeUint(op, 32).storeUint(queryId, 64);

export const registerBody = (queryId = 0n): Cell => command(Op.Register, queryId).endCell();

/** `slashId` is the number of the case, which is executed at most once. */
export function slashBody(slashId: bigint, participant: Address, amountNano: bigint, queryId = 0n): Cell {
  return command(Op.Slash, queryId).storeUint(slashId, 64).storeAddress(participant).storeCoins(amountNano).endCell();
}

/** Holds withdrawals back until a Unix time; zero ends the suspension. */
export function suspendBody(participant: Address, until: number, queryId = 0n): Cell {
  return command(Op.Suspend, queryId).storeAddress(participant).storeUint(until, 32).endCell();
}

export function commitContributionsBody(day: number, root: Buffer, queryId = 0n): Cell {
  return command(Op.CommitContributions, queryId).storeUint(day, 32).storeBuffer(root, 32).endCell();
}

export function configureStakesBody(terms: StakeTerms, responseTo: Address, queryId = 0n): Cell {
  return command(Op.ConfigureStakes, queryId)
    .storeCoins(terms.minimumStakeNano).storeUint(terms.withdrawalDelaySeconds, 32).storeAddress(terms.treasury)
    .storeAddress(responseTo).endCell();
}

/** What a registration carries beside its stake; the unused part comes back. */
export const REGISTRATION_FEES_NANO = 50_000_000n;
export const REGISTRY_COMMAND_VALUE_NANO = 50_000_000n;

export interface StakeTerms {
  readonly minimumStakeNano: bigint;
  readonly withdrawalDelaySeconds: number;
  /** Gets half of every slash. */
  readonly treasury: Address;
}

export interface RegistryState {
  readonly operator: string;
  readonly admin: string;
  readonly treasury: string;
  readonly paused: boolean;
  readonly minimumStakeNano: bigint;
  readonly withdrawalDelaySeconds: number;
  readonly stakeCodeHash: string;
  readonly commitment: Commitment;
}

export interface Commitment {
  readonly day: number;
  readonly root: string;
  /** Covers all commitments so far, see `nextChain`. */
  readonly chain: string;
}

/** The chain after one more commitment: SHA-256 of the former chain, the day as 32 bits, and the root. */
export function nextChain(chain: Buffer, day: number, root: Buffer): Buffer {
  const dayBytes = Buffer.alloc(4);
  dayBytes.writeUInt32BE(day);
  return createHash('sha256').update(chain).update(dayBytes).update(root).digest();
}

export function registryStateInit(operator: Address, admin: Address, terms: StakeTerms): StateInit {
  const commitment = beginCell().storeUint(0, 32).storeUint(0, 256).storeUint(0, 256).endCell();
  const data = beginCell()
    .storeAddress(operator).storeAddress(admin).storeAddress(terms.treasury).storeBit(false)
    .storeCoins(terms.minimumStakeNano).storeUint(terms.withdrawalDelaySeconds, 32)
    .storeRef(codeOf('StakeAccount')).storeRef(commitment).endCell();
  return { code: codeOf('ParticipantRegistry'), data };
}

/** Reads the data cell whole, so that everything is of one block. */
export function parseRegistry(data: Cell): RegistryState {
  const slice = data.beginParse();
  const head = {
    operator: rawAddress(slice.loadAddress()), admin: rawAddress(slice.loadAddress()), treasury: rawAddress(slice.loadAddress()),
    paused: slice.loadBit(), minimumStakeNano: slice.loadCoins(), withdrawalDelaySeconds: slice.loadUint(32),
    stakeCodeHash: slice.loadRef().hash().toString('hex'),
  };
  const commitment = slice.loadRef().beginParse();
  const hash = () => commitment.loadBuffer(32).toString('hex');
  return { ...head, commitment: { day: commitment.loadUint(32), root: hash(), chain: hash() } };
}

export class ParticipantRegistry implements Contract {
  private constructor(readonly address: Address, readonly init?: StateInit) {}

  static create(operator: Address, admin: Address, terms: StakeTerms): ParticipantRegistry {
    const init = registryStateInit(operator, admin, terms);
    return new ParticipantRegistry(contractAddress(0, init), init);
  }

  static at(address: Address): ParticipantRegistry {
    return new ParticipantRegistry(address);
  }

  async getStakeAccount(provider: ContractProvider, participant: Address): Promise<Address> {
    const cell = beginCell().storeAddress(participant).endCell();
    return (await provider.get('get_stake_account', [{ type: 'slice', cell }])).stack.readAddress();
  }
}
