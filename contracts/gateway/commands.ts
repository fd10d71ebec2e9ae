import { Address, beginCell, Cell, internal, storeMessageRelaxed } from '@ton/core';
import { COMMAND_VALUE_NANO, MAX_RELEASED, pruneEpochsBody, releaseClaimsBody, withdrawFeesBody } from '../wrappers/distributionMessages.js';
import { commitContributionsBody, REGISTRY_COMMAND_VALUE_NANO, slashBody, suspendBody } from '../wrappers/participantRegistry.js';
import { actions, applyProposalBody, cancelProposalBody, GOVERNANCE_VALUE_NANO, pauseBody, proposeBody, relayFromVaultBody } from '../wrappers/poolOperator.js';
import { completeWithdrawalBody, COMPLETION_VALUE_NANO, stakeAddress } from '../wrappers/stakeAccount.js';
import { vaultAddress, vaultStateInit } from '../wrappers/workerVault.js';
import { Transfer } from '../wrappers/operatorWallet.js';
import { invalid } from './errors.js';
import { Fields, hash, integer, nano, readAddressSegment, readValidity, U32, U64, Validity } from './requests.js';

/** Where the pool's contracts are: the only places that anything is signed for. */
export interface PoolAddresses {
  readonly poolOperator: Address;
  readonly registry: Address;
  readonly distribution: Address;
}

/** A command as it is signed: one transfer of the operator's wallet to one of the pool's contracts. */
export interface Command extends Validity {
  readonly transfer: Transfer;
  /** The entries that the command lets be claimed. */
  readonly releases?: { readonly epoch: number; readonly indexes: readonly number[] };
  /** Set for commands with a number of their own, of which only one content may ever be signed. */
  readonly once?: { readonly key: string; readonly content: string; readonly amountNano: bigint };
}

type Reader = (body: Fields, pool: PoolAddresses) => Omit<Command, keyof Validity>;

/** Pay fees separately, ignore errors: how the CocoonWallet is told to send. */
const COCOON_WALLET_SEND_MODE = 3;
const MAX_PARAMETER = (1n << 128n) - 1n;

function once(kind: string, number: bigint | number | string, body: Cell, amountNano = 0n) {
  return { key: `${kind}/${number}`, content: body.hash().toString('hex'), amountNano };
}

const toDistribution = (pool: PoolAddresses, body: Cell): Transfer => ({ to: pool.distribution, valueNano: COMMAND_VALUE_NANO, body, bounce: true });
const toRegistry = (pool: PoolAddresses, body: Cell): Transfer => ({ to: pool.registry, valueNano: REGISTRY_COMMAND_VALUE_NANO, body, bounce: true });
const toPoolOperator = (pool: PoolAddresses, body: Cell): Transfer => ({ to: pool.poolOperator, valueNano: GOVERNANCE_VALUE_NANO, body, bounce: true });

/** The commands beside open-epoch and pay-batch, by the last part of their path under /v1/sign. */
const READERS: Readonly<Record<string, Reader>> = {
  'withdraw-fees': (body, pool) => ({ transfer: toDistribution(pool, withdrawFeesBody(nano(body, 'amount_nano', 'above 0', 1n))) }),
  'release-claims': (body, pool) => {
    const releases = { epoch: integer(body, 'epoch', U32), indexes: indexes(body) };
    return { transfer: toDistribution(pool, releaseClaimsBody(releases.epoch, releases.indexes)), releases };
  },
  'prune-epochs': (body, pool) => ({ transfer: toDistribution(pool, pruneEpochsBody(integer(body, 'below', U32))) }),
  slash: (body, pool) => {
    const [id, amount] = [bigNumber(body, 'slash_id', U64), nano(body, 'amount_nano', 'above 0', 1n)];
    const message = slashBody(id, address(body, 'participant'), amount);
    return { transfer: toRegistry(pool, message), once: once('slash', id, message, amount) };
  },
  suspend: (body, pool) => ({ transfer: toRegistry(pool, suspendBody(address(body, 'participant'), integer(body, 'until', U32))) }),
  // To an account that follows from the registry and the participant, and pays nobody else.
  'complete-withdrawal': (body, pool) => ({
    transfer: { to: stakeAddress(pool.registry, address(body, 'participant')), valueNano: COMPLETION_VALUE_NANO, body: completeWithdrawalBody(), bounce: true },
  }),
  'commit-contributions': (body, pool) => {
    const day = integer(body, 'day', U32);
    const message = commitContributionsBody(day, hash(body, 'root'));
    return { transfer: toRegistry(pool, message), once: once('day', day, message) };
  },
  'propose-parameter': (body, pool) => {
    const id = integer(body, 'id', 0x7fff_ffff);
    const message = proposeBody(id, actions.setParameter(parameterName(body), bigNumber(body, 'value', MAX_PARAMETER)));
    return { transfer: toPoolOperator(pool, message), once: once('proposal', id, message) };
  },
  'apply-proposal': (body, pool) => ({ transfer: toPoolOperator(pool, applyProposalBody(integer(body, 'id', U32))) }),
  'cancel-proposal': (body, pool) => ({ transfer: toPoolOperator(pool, cancelProposalBody(integer(body, 'id', U32))) }),
  pause: (_, pool) => ({ transfer: toPoolOperator(pool, pauseBody()) }),
  'deploy-vault': (body, pool) => {
    const worker = hash(body, 'worker');
    const init = vaultStateInit(pool.poolOperator, pool.distribution, worker);
    return { transfer: { to: vaultAddress(pool.poolOperator, pool.distribution, worker), valueNano: COMMAND_VALUE_NANO, body: null, bounce: false, init } };
  },
  'withdraw-from-cocoon-wallet': (body, pool) => {
    const vault = vaultAddress(pool.poolOperator, pool.distribution, hash(body, 'worker'));
    // Coins of a CocoonWallet can only be brought home: the message that it is told to send goes to the distribution.
    const home = internal({ to: pool.distribution, value: nano(body, 'amount_nano', 'above 0', 1n), bounce: true });
    const message = beginCell().store(storeMessageRelaxed(home)).endCell();
    return { transfer: toPoolOperator(pool, relayFromVaultBody(vault, address(body, 'wallet'), COCOON_WALLET_SEND_MODE, message)) };
  },
};

export const COMMAND_NAMES = Object.keys(READERS);

export function readCommand(name: string, body: Fields, pool: PoolAddresses): Command {
  const reader = READERS[name];
  if (reader === undefined) throw invalid(`there is no command "${name}": use ${COMMAND_NAMES.join(', ')}`);
  return { ...reader(body, pool), ...readValidity(body) };
}

function address(body: Fields, name: string): Address {
  const value = body[name];
  if (typeof value !== 'string') throw invalid(`"${name}" must be an address`);
  return readAddressSegment(value);
}

function bigNumber(body: Fields, name: string, max: bigint): bigint {
  const value = body[name];
  if (typeof value !== 'string' || !/^\d{1,40}$/.test(value) || BigInt(value) > max) throw invalid(`"${name}" must be a decimal string from 0 to ${max}`);
  return BigInt(value);
}

function parameterName(body: Fields): string {
  const { name } = body;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_.]{0,63}$/.test(name)) throw invalid('"name" must be a parameter such as "stake.minimum_nano"');
  return name;
}

function indexes(body: Fields): number[] {
  const { indexes: list } = body;
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_RELEASED
    || !list.every(i => Number.isInteger(i) && i >= 0 && i <= U32)) throw invalid(`"indexes" must be 1 to ${MAX_RELEASED} whole numbers`);
  return list as number[];
}
