import { Address, Cell } from '@ton/core';
import { DeployedContract, Deployment } from '../deploy/deployment.js';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { parseRegistry, registerBody, REGISTRATION_FEES_NANO } from '../wrappers/participantRegistry.js';
import { parsePoolOperator, PROPOSAL_LIFETIME_SECONDS, Role } from '../wrappers/poolOperator.js';
import { DistributionStorage } from '../wrappers/rewardDistribution.js';
import {
  cancelWithdrawalBody, completeWithdrawalBody, COMPLETION_VALUE_NANO, parseStake, requestWithdrawalBody, stakeAddress, topUpBody, TOP_UP_FEES_NANO,
} from '../wrappers/stakeAccount.js';
import { AccountSnapshot, Toncenter } from '../wrappers/toncenter.js';
import { vaultAddress } from '../wrappers/workerVault.js';
import { GatewayError } from './errors.js';
import { stakeMovements } from './stakeMovements.js';

/** What a participant attaches to a command that carries no stake; the rest comes back. */
const PARTICIPANT_COMMAND_NANO = 20_000_000n;

/** What PoolOperator, the registry, stake accounts and vaults say, each answer from one committed block. */
export class Contracts {
  readonly poolOperator: Address;
  readonly registry: Address;
  readonly distribution: Address;

  constructor(private readonly chain: Toncenter, private readonly deployment: Deployment) {
    this.poolOperator = parseAddress(deployment.pool_operator);
    this.registry = parseAddress(deployment.registry);
    this.distribution = parseAddress(deployment.distribution);
  }

  async pool() {
    const account = await this.active('PoolOperator', this.poolOperator);
    const state = parsePoolOperator(account.data!);
    return {
      address: rawAddress(this.poolOperator), owner: state.owner, pending_owner: state.pendingOwner, operator: state.operator,
      timelock_seconds: state.timelockSeconds, paused: state.paused, next_proposal: state.nextProposal,
      parameters: Object.fromEntries([...state.parameters].map(([key, value]) => [key, value.toString()])),
      proposals: state.proposals.map(({ id, proposedAt, waitSeconds, action }) => ({
        id, proposed_at: proposedAt, not_before: proposedAt + waitSeconds, expires_at: proposedAt + waitSeconds + PROPOSAL_LIFETIME_SECONDS,
        action: action.toBoc().toString('base64'),
      })),
      mc_seqno: account.mcSeqno, chain_time: account.chainTime,
    };
  }

  async registryState() {
    const account = await this.active('ParticipantRegistry', this.registry);
    const state = parseRegistry(account.data!);
    return {
      address: rawAddress(this.registry), operator: state.operator, treasury: state.treasury, paused: state.paused,
      minimum_stake_nano: state.minimumStakeNano.toString(), withdrawal_delay_seconds: state.withdrawalDelaySeconds,
      commitment: state.commitment, mc_seqno: account.mcSeqno, chain_time: account.chainTime,
    };
  }

  /** A participant's stake; `registered` is false, with zeros, for one who never registered. */
  async stake(participant: Address) {
    const address = stakeAddress(this.registry, participant);
    return this.describeStake(address, participant, await this.chain.account(address));
  }

  /** The stake as it stood at one committed block, and what led there since a logical time. */
  async stakeWithMovements(participant: Address, afterLt: bigint, limit: number) {
    const address = stakeAddress(this.registry, participant);
    const account = await this.chain.account(address);
    return { ...this.describeStake(address, participant, account), ...await stakeMovements(this.chain, address, account.lastLt, afterLt, limit) };
  }

  /** What a participant's own wallet sends to join, to add, to ask back and to be paid; `amountNano` is what becomes stake or stops being it. */
  async stakeMessages(participant: Address, amountNano: bigint | null) {
    const registry = await this.registryState();
    const account = await this.stake(participant);
    const amount = amountNano ?? BigInt(registry.minimum_stake_nano);
    const message = (action: string, to: Address, valueNano: bigint, body: Cell) =>
      ({ action, to: rawAddress(to), value_nano: valueNano.toString(), body_boc: body.toBoc().toString('base64') });
    const stake = stakeAddress(this.registry, participant);
    return {
      registry: registry.address, minimum_stake_nano: registry.minimum_stake_nano, withdrawal_delay_seconds: registry.withdrawal_delay_seconds,
      stake_account: account.address, registered: account.registered, stake_nano: account.stake_nano, amount_nano: amount.toString(),
      messages: account.registered
        ? [
          message('top_up', stake, amount + TOP_UP_FEES_NANO, topUpBody()),
          message('request_withdrawal', stake, PARTICIPANT_COMMAND_NANO, requestWithdrawalBody(amount)),
          message('cancel_withdrawal', stake, PARTICIPANT_COMMAND_NANO, cancelWithdrawalBody()),
          message('complete_withdrawal', stake, COMPLETION_VALUE_NANO, completeWithdrawalBody()),
        ]
        : [message('register', this.registry, amount + REGISTRATION_FEES_NANO, registerBody())],
    };
  }

  private describeStake(address: Address, participant: Address, account: AccountSnapshot) {
    const state = account.data === null ? null : parseStake(account.data);
    return {
      address: rawAddress(address), participant: rawAddress(participant), registered: state !== null,
      stake_nano: (state?.stakeNano ?? 0n).toString(), withdrawal_nano: (state?.withdrawalNano ?? 0n).toString(),
      unlocks_at: state?.unlocksAt ?? 0, suspended_until: state?.suspendedUntil ?? 0,
      slashes: [...state?.slashes ?? []].map(([id, amount]) => ({ slash_id: id.toString(), amount_nano: amount.toString() })),
      balance_nano: account.balanceNano.toString(), mc_seqno: account.mcSeqno, chain_time: account.chainTime,
    };
  }

  async vault(worker: Buffer) {
    const address = vaultAddress(this.poolOperator, this.distribution, worker);
    const account = await this.chain.account(address);
    return {
      address: rawAddress(address), worker: worker.toString('hex'), deployed: account.state === 'active',
      balance_nano: account.balanceNano.toString(), mc_seqno: account.mcSeqno,
    };
  }

  /** Whether a CocoonWallet belongs to a worker's vault: its data holds seqno, subwallet and key before the owner. */
  async isWalletOf(wallet: Address, worker: Buffer): Promise<boolean> {
    const { data } = await this.chain.account(wallet);
    if (data === null) return false;
    try {
      return data.beginParse().skip(32 + 32 + 256).loadAddress().equals(vaultAddress(this.poolOperator, this.distribution, worker));
    } catch {
      return false;
    }
  }

  /** Compares what is on the chain with what the deployment recorded: code, links, operators. */
  async verification() {
    const checks: { what: string; ok: boolean; expected: string; found: string }[] = [];
    const check = (what: string, expected: string, found: string) => checks.push({ what, ok: expected === found, expected, found });
    const data = new Map<DeployedContract, AccountSnapshot>();
    for (const [name, address] of [['PoolOperator', this.poolOperator], ['ParticipantRegistry', this.registry], ['RewardDistribution', this.distribution]] as const) {
      const account = await this.chain.account(address);
      check(`${name} code`, this.deployment.code_hashes[name], account.code?.hash().toString('hex') ?? account.state);
      data.set(name, account);
    }
    const read = <T>(name: DeployedContract, parse: (cell: NonNullable<AccountSnapshot['data']>) => T): T | null => {
      const cell = data.get(name)?.data;
      return cell ? parse(cell) : null;
    };
    const { operator_wallet: operator, pool_operator: pool } = this.deployment;
    const governance = read('PoolOperator', parsePoolOperator);
    check('PoolOperator operator', operator, governance?.operator ?? 'none');
    check('PoolOperator link to RewardDistribution', rawAddress(this.distribution), governance?.links.get(Role.Distribution) ?? 'none');
    check('PoolOperator link to ParticipantRegistry', rawAddress(this.registry), governance?.links.get(Role.Registry) ?? 'none');
    const distribution = read('RewardDistribution', cell => DistributionStorage.parse(cell));
    check('RewardDistribution operator', operator, distribution ? rawAddress(distribution.operator) : 'none');
    check('RewardDistribution admin', pool, distribution ? rawAddress(distribution.admin) : 'none');
    const registry = read('ParticipantRegistry', parseRegistry);
    check('ParticipantRegistry operator', operator, registry?.operator ?? 'none');
    check('ParticipantRegistry admin', pool, registry?.admin ?? 'none');
    check('StakeAccount code', this.deployment.code_hashes.StakeAccount, registry?.stakeCodeHash ?? 'none');
    return { ok: checks.every(c => c.ok), checks };
  }

  private async active(name: string, address: Address): Promise<AccountSnapshot> {
    const account = await this.chain.account(address);
    if (account.data === null)
      throw new GatewayError('chain_unreachable', `${name} ${rawAddress(address)} is ${account.state} on this chain: is it the chain of deployment.json?`);
    return account;
  }
}
