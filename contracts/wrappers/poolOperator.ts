import { createHash } from 'node:crypto';
import { Address, beginCell, Cell, Contract, contractAddress, ContractProvider, Dictionary, StateInit } from '@ton/core';
import { rawAddress } from './address.js';
import { codeOf } from './contractCode.js';
import { Op } from './operations.js';

/** The roles in which contracts are linked to PoolOperator. */
export const Role = { Distribution: 1, Registry: 2 } as const;
export type Role = (typeof Role)[keyof typeof Role];

/** The owner numbers its proposals from here on, the operator from zero. */
export const FIRST_OWNER_PROPOSAL = 0x8000_0000;
export const PROPOSAL_LIFETIME_SECONDS = 14 * 86_400;

/** A parameter is known on chain by the hash of its name, such as "stake.minimum_nano". */
export function parameterKey(name: string): Buffer {
  return createHash('sha256').update(name, 'utf8').digest();
}

export const actions = {
  setParameter: (name: string, value: bigint) =>
    beginCell().storeUint(0x01, 8).storeBuffer(parameterKey(name), 32).storeUint(value, 256).endCell(),
  setLink: (role: Role, target: Address) => beginCell().storeUint(0x02, 8).storeUint(role, 8).storeAddress(target).endCell(),
  changeOperator: (operator: Address) => beginCell().storeUint(0x03, 8).storeAddress(operator).endCell(),
  changeTimelock: (seconds: number) => beginCell().storeUint(0x04, 8).storeUint(seconds, 32).endCell(),
  upgradeSelf: (code: Cell) => beginCell().storeUint(0x05, 8).storeRef(code).endCell(),
  commandLinked: (role: Role, body: Cell) => beginCell().storeUint(0x06, 8).storeUint(role, 8).storeRef(body).endCell(),
} as const;

const command = (op: number, queryId: bigint) => beginCell().storeUint(op, 32).storeUint(queryId, 64);

export const proposeOwnerBody = (newOwner: Address, queryId = 0n): Cell => command(Op.ProposeOwner, queryId).storeAddress(newOwner).endCell();
export const acceptOwnerBody = (queryId = 0n): Cell => command(Op.AcceptOwner, queryId).endCell();
export const proposeBody = (id: number, action: Cell, queryId = 0n): Cell => command(Op.Propose, queryId).storeUint(id, 32).storeRef(action).endCell();
export const applyProposalBody = (id: number, queryId = 0n): Cell => command(Op.ApplyProposal, queryId).storeUint(id, 32).endCell();
export const cancelProposalBody = (id: number, queryId = 0n): Cell => command(Op.CancelProposal, queryId).storeUint(id, 32).endCell();
export const pauseBody = (queryId = 0n): Cell => command(Op.Pause, queryId).endCell();
export const resumeBody = (queryId = 0n): Cell => command(Op.Resume, queryId).endCell();
export const sweepBody = (to: Address, queryId = 0n): Cell => command(Op.Sweep, queryId).storeAddress(to).endCell();

/** Makes a vault command its CocoonWallet: `message` is a whole message that the wallet sends with `mode`. */
export function relayFromVaultBody(vault: Address, wallet: Address, mode: number, message: Cell, queryId = 0n): Cell {
  return command(Op.RelayFromVault, queryId).storeAddress(vault).storeAddress(wallet).storeUint(mode, 8).storeRef(message).endCell();
}

/** Enough for the largest command, which sends two messages of 0.05 TON on; the rest comes back. */
export const GOVERNANCE_VALUE_NANO = 200_000_000n;

export interface Proposal {
  readonly id: number;
  readonly proposedAt: number;
  readonly waitSeconds: number;
  readonly action: Cell;
}

/** What the data cell holds, read whole so that everything is of one block. */
export interface PoolOperatorState {
  readonly owner: string;
  readonly pendingOwner: string | null;
  readonly operator: string;
  readonly timelockSeconds: number;
  readonly paused: boolean;
  readonly nextProposal: number;
  readonly nextOwnerProposal: number;
  /** Values by the hex of the hash of the parameter's name. */
  readonly parameters: ReadonlyMap<string, bigint>;
  readonly links: ReadonlyMap<number, string>;
  readonly proposals: readonly Proposal[];
}

const proposalFrom = (id: number, cell: Cell): Proposal => {
  const slice = cell.beginParse();
  return { id, proposedAt: slice.loadUint(32), waitSeconds: slice.loadUint(32), action: slice.loadRef() };
};

export function parsePoolOperator(data: Cell): PoolOperatorState {
  const slice = data.beginParse();
  const owner = rawAddress(slice.loadAddress());
  const pending = slice.loadMaybeAddress();
  const head = {
    owner, pendingOwner: pending === null ? null : rawAddress(pending), operator: rawAddress(slice.loadAddress()),
    timelockSeconds: slice.loadUint(32), paused: slice.loadBit(), nextProposal: slice.loadUint(32), nextOwnerProposal: slice.loadUint(32),
  };
  const parameters = slice.loadDict(Dictionary.Keys.BigUint(256), Dictionary.Values.BigUint(256));
  const links = slice.loadDict(Dictionary.Keys.Uint(8), Dictionary.Values.Address());
  const proposals = slice.loadDict(Dictionary.Keys.Uint(32), Dictionary.Values.Cell());
  return {
    ...head,
    parameters: new Map([...parameters].map(([key, value]) => [key.toString(16).padStart(64, '0'), value])),
    links: new Map([...links].map(([role, address]) => [role, rawAddress(address)])),
    proposals: [...proposals].map(([id, cell]) => proposalFrom(id, cell)).sort((a, b) => a.id - b.id),
  };
}

export function poolOperatorStateInit(owner: Address, operator: Address, timelockSeconds: number): StateInit {
  const data = beginCell()
    .storeAddress(owner).storeAddress(null).storeAddress(operator).storeUint(timelockSeconds, 32).storeBit(false)
    .storeUint(0, 32).storeUint(FIRST_OWNER_PROPOSAL, 32).storeDict(null).storeDict(null).storeDict(null).endCell();
  return { code: codeOf('PoolOperator'), data };
}

export class PoolOperator implements Contract {
  private constructor(readonly address: Address, readonly init?: StateInit) {}

  static create(owner: Address, operator: Address, timelockSeconds: number): PoolOperator {
    const init = poolOperatorStateInit(owner, operator, timelockSeconds);
    return new PoolOperator(contractAddress(0, init), init);
  }

  static at(address: Address): PoolOperator {
    return new PoolOperator(address);
  }

  /** The value of a parameter, null if it was never set. */
  async getParameter(provider: ContractProvider, name: string): Promise<bigint | null> {
    const { stack } = await provider.get('get_parameter', [{ type: 'int', value: BigInt(`0x${parameterKey(name).toString('hex')}`) }]);
    const value = stack.readBigNumber();
    return stack.readBoolean() ? value : null;
  }

  async getOwners(provider: ContractProvider): Promise<{ owner: string; pendingOwner: string | null; operator: string; paused: boolean }> {
    const { stack } = await provider.get('get_pool_operator', []);
    const owner = rawAddress(stack.readAddress());
    const pending = stack.readAddressOpt();
    const operator = rawAddress(stack.readAddress());
    stack.skip(1);
    return { owner, pendingOwner: pending === null ? null : rawAddress(pending), operator, paused: stack.readBoolean() };
  }
}
