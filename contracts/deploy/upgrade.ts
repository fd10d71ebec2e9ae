import { Address, Cell } from '@ton/core';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { codeOf } from '../wrappers/contractCode.js';
import { upgradeCodeBody } from '../wrappers/distributionMessages.js';
import { readKey } from '../wrappers/keys.js';
import { walletOf } from '../wrappers/operatorWallet.js';
import {
  actions, applyProposalBody, cancelProposalBody, GOVERNANCE_VALUE_NANO, parsePoolOperator, PoolOperatorState, proposeBody, PROPOSAL_LIFETIME_SECONDS, Role,
} from '../wrappers/poolOperator.js';
import { waitUntil } from '../wrappers/sendAndWait.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { governor } from './deploy.js';
import { DeployedContract, Deployment, ownerKeyFile, readDeployment, writeDeployment } from './deployment.js';

/** Where an upgrade to the compiled code stands; `ready` means that the timelock has passed. */
export interface UpgradeStatus {
  readonly contract: DeployedContract;
  readonly state: 'up_to_date' | 'not_proposed' | 'waiting' | 'ready' | 'expired';
  /** Of the code that is compiled here, and of the one on the chain. */
  readonly code_hash: string;
  readonly deployed_hash: string;
  readonly proposal: number | null;
  readonly not_before: number | null;
  readonly expires_at: number | null;
}

/** A step that somebody else signs: an owner that is a multisig, or whose key is on another machine. */
export interface UnsignedStep {
  readonly to: string;
  readonly value_nano: string;
  readonly body_boc: string;
}

export type UpgradeStep = 'show' | 'propose' | 'apply' | 'cancel';

/**
 * Takes one step of the upgrade of a contract to the code that is compiled here. Nothing is kept between steps but what the chain says,
 * and each step can be repeated: what is done already changes nothing.
 *
 * An upgrade keeps data and address, so the new code must read the old data.
 */
export class Upgrade {
  private readonly chain: Toncenter;
  private readonly deployment: Deployment;
  private readonly pool: Address;
  private readonly address: Address;

  constructor(endpoint: string, private readonly folder: string, private readonly name: DeployedContract, private readonly code: Cell = codeOf(name)) {
    this.chain = new Toncenter(endpoint);
    this.deployment = readDeployment(folder);
    this.pool = parseAddress(this.deployment.pool_operator);
    this.address = parseAddress({ PoolOperator: this.deployment.pool_operator, ParticipantRegistry: this.deployment.registry, RewardDistribution: this.deployment.distribution }[name]);
  }

  async show(): Promise<UpgradeStatus> {
    const { status } = await this.look();
    if (status.state === 'up_to_date')
      writeDeployment(this.folder, { ...this.deployment, code_hashes: { ...this.deployment.code_hashes, [this.name]: status.code_hash } });
    return status;
  }

  async propose(): Promise<UpgradeStatus> {
    const { status, pool } = await this.look();
    if (status.state === 'not_proposed' || status.state === 'expired') {
      const id = pool.nextOwnerProposal;
      await this.send(proposeBody(id, this.action()), 'the proposal', async () => (await this.look()).status.proposal === id);
    }
    return this.show();
  }

  /** @throws if it is not proposed, or its timelock has not passed */
  async apply(): Promise<UpgradeStatus> {
    const { status } = await this.look();
    if (status.state === 'up_to_date') return this.show();
    await this.send(applyProposalBody(this.ready(status)), `the new code of ${this.name}`, async () => (await this.look()).status.state === 'up_to_date');
    return this.show();
  }

  async cancel(): Promise<UpgradeStatus> {
    const { status } = await this.look();
    if (status.proposal !== null)
      await this.send(cancelProposalBody(status.proposal), 'the end of the proposal', async () => (await this.look()).status.proposal === null);
    return this.show();
  }

  /** The message of a step, for an owner whose key is not here. */
  async unsigned(step: Exclude<UpgradeStep, 'show'>): Promise<UnsignedStep> {
    const { status, pool } = await this.look();
    if (step === 'cancel' && status.proposal === null) throw new Error(`no upgrade of ${this.name} is proposed`);
    const body = step === 'propose' ? proposeBody(pool.nextOwnerProposal, this.action())
      : step === 'apply' ? applyProposalBody(this.ready(status)) : cancelProposalBody(status.proposal!);
    return { to: rawAddress(this.pool), value_nano: GOVERNANCE_VALUE_NANO.toString(), body_boc: body.toBoc().toString('base64') };
  }

  private ready(status: UpgradeStatus): number {
    if (status.state === 'waiting') throw new Error(`proposal ${status.proposal} waits until ${new Date(status.not_before! * 1000).toISOString()}`);
    if (status.state !== 'ready' || status.proposal === null) throw new Error(`the upgrade of ${this.name} is ${status.state}: propose it first`);
    return status.proposal;
  }

  private async send(body: Cell, what: string, done: () => Promise<boolean>): Promise<void> {
    const owner = readKey(ownerKeyFile(this.folder));
    const { pool } = await this.look();
    const wallet = rawAddress(walletOf(owner.publicKey).address);
    if (wallet !== pool.owner) throw new Error(`PoolOperator is owned by ${pool.owner} and owner.key is the key of ${wallet}: let the owner send the message of --unsigned`);
    await governor(this.chain, owner, this.pool)(body);
    await waitUntil(what, done);
  }

  private async look(): Promise<{ status: UpgradeStatus; pool: PoolOperatorState }> {
    const governance = await this.chain.account(this.pool);
    if (governance.data === null) throw new Error(`PoolOperator ${this.deployment.pool_operator} is ${governance.state} on this chain`);
    const contract = await this.chain.account(this.address);
    const pool = parsePoolOperator(governance.data);
    const wanted = this.code.hash().toString('hex');
    const deployed = contract.code?.hash().toString('hex') ?? contract.state;
    // The newest of those that ask for the same: an expired one before it is of no use any more.
    const proposal = pool.proposals.filter(p => p.action.hash().equals(this.action().hash())).at(-1) ?? null;
    const notBefore = proposal === null ? null : proposal.proposedAt + proposal.waitSeconds;
    const expiresAt = notBefore === null ? null : notBefore + PROPOSAL_LIFETIME_SECONDS;
    const state = deployed === wanted ? 'up_to_date' : notBefore === null ? 'not_proposed'
      : governance.chainTime < notBefore ? 'waiting' : governance.chainTime > expiresAt! ? 'expired' : 'ready';
    return {
      pool,
      status: { contract: this.name, state, code_hash: wanted, deployed_hash: deployed, proposal: proposal?.id ?? null, not_before: notBefore, expires_at: expiresAt },
    };
  }

  private action(): Cell {
    if (this.name === 'PoolOperator') return actions.upgradeSelf(this.code);
    return actions.commandLinked(this.name === 'RewardDistribution' ? Role.Distribution : Role.Registry, upgradeCodeBody(this.code, parseAddress(this.deployment.owner_wallet)));
  }
}
