import { existsSync } from 'node:fs';
import { Address, Cell, StateInit } from '@ton/core';
import { KeyPair } from '@ton/crypto';
import { rawAddress } from '../wrappers/address.js';
import { CONTRACTS, codeHashOf, ContractName } from '../wrappers/contractCode.js';
import { readOrCreateKey } from '../wrappers/keys.js';
import { walletOf } from '../wrappers/operatorWallet.js';
import { ParticipantRegistry, StakeTerms } from '../wrappers/participantRegistry.js';
import { actions, applyProposalBody, GOVERNANCE_VALUE_NANO, parsePoolOperator, PoolOperator, proposeBody, Role } from '../wrappers/poolOperator.js';
import { RewardDistribution } from '../wrappers/rewardDistribution.js';
import { sendAndWait, waitUntil } from '../wrappers/sendAndWait.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { Deployment, deploymentFile, ownerKeyFile, readDeployment, requireSameNetwork, signerKeyFile, writeDeployment } from './deployment.js';
import { isLocalChain, faucet } from './localFaucet.js';

/** What each contract starts with: its reserve for rent, and the gas of receiving some thousand payments. */
const START_NANO = { PoolOperator: 100_000_000n, ParticipantRegistry: 100_000_000n, RewardDistribution: 500_000_000n } as const;
/** Enough for the deployment and the first commands, each of which returns what it does not use. */
const WALLET_MINIMUM_NANO = 1_000_000_000n;
const LOCAL_FUNDS_NANO = 100_000_000_000n;
/** How long a command may take until its effect is on the chain. */
const LANDING_SECONDS = 120;

export interface DeployOptions {
  /** How long proposals to PoolOperator wait. Two days on a real network; on the local chain nobody wants to wait. */
  readonly timelockSeconds?: number;
  readonly minimumStakeNano?: bigint;
  readonly withdrawalDelaySeconds?: number;
}

const REAL = { timelockSeconds: 172_800, minimumStakeNano: 1_000_000_000n, withdrawalDelaySeconds: 604_800 };
const LOCAL = { ...REAL, timelockSeconds: 5 };

type Say = (line: string) => void;

/** Brings a deployment to completion from wherever it stands; on a complete one it changes nothing. */
export async function deploy(endpoint: string, folder: string, say: Say, options: DeployOptions = {}): Promise<Deployment> {
  const chain = new Toncenter(endpoint);
  const local = await isLocalChain(endpoint);
  const network = local ? 'local' : 'mainnet';
  requireSameNetwork(folder, network);
  const signer = await readOrCreateKey(signerKeyFile(folder));
  const owner = await readOrCreateKey(ownerKeyFile(folder));
  const known = recorded(folder);
  if (known !== null && await isComplete(chain, known)) {
    say(`everything is deployed, RewardDistribution at ${known.distribution}`);
    const moved = { ...known, chain: endpoint };
    if (writeDeployment(folder, moved)) say('deployment.json is written');
    return moved;
  }
  const plan = planOf(signer, owner, { ...local ? LOCAL : REAL, ...options });
  await fund(chain, endpoint, local, plan.operator, 'operator', say);
  await fund(chain, endpoint, local, plan.owner, 'owner', say);
  await deployContract(chain, signer, 'PoolOperator', plan.pool.address, plan.pool.init!, say);
  await deployContract(chain, signer, 'RewardDistribution', plan.distribution.address, plan.distribution.init!, say);
  await deployContract(chain, signer, 'ParticipantRegistry', plan.registry.address, plan.registry.init!, say);
  await link(chain, owner, plan.pool.address, Role.Distribution, plan.distribution.address, say);
  await link(chain, owner, plan.pool.address, Role.Registry, plan.registry.address, say);
  const deployment: Deployment = {
    network,
    owner_wallet: rawAddress(plan.owner),
    operator_wallet: rawAddress(plan.operator),
    pool_operator: rawAddress(plan.pool.address),
    registry: rawAddress(plan.registry.address),
    distribution: rawAddress(plan.distribution.address),
    treasury: rawAddress(plan.terms.treasury),
    chain: endpoint,
    timelock_seconds: plan.timelockSeconds,
    code_hashes: Object.fromEntries(CONTRACTS.map(name => [name, codeHashOf(name)])) as Record<ContractName, string>,
  };
  if (writeDeployment(folder, deployment)) say('deployment.json is written');
  return deployment;
}

function recorded(folder: string): Deployment | null {
  if (!existsSync(deploymentFile(folder))) return null;
  try {
    return readDeployment(folder);
  } catch {
    // Of an older version: its contracts stay where they are, and new ones are deployed beside them.
    return null;
  }
}

/** Upgraded contracts keep their addresses, so the record counts and not what the present code would derive. */
async function isComplete(chain: Toncenter, deployment: Deployment): Promise<boolean> {
  const pool = await chain.account(Address.parse(deployment.pool_operator));
  if (pool.data === null || parsePoolOperator(pool.data).links.size < 2) return false;
  for (const address of [deployment.registry, deployment.distribution])
    if ((await chain.account(Address.parse(address))).state !== 'active') return false;
  return true;
}

function planOf(signer: KeyPair, owner: KeyPair, options: Required<DeployOptions>) {
  const operator = walletOf(signer.publicKey).address;
  const ownerWallet = walletOf(owner.publicKey).address;
  const pool = PoolOperator.create(ownerWallet, operator, options.timelockSeconds);
  const terms: StakeTerms = {
    // The owner's wallet is the first treasury; the owner may name another one by proposal.
    minimumStakeNano: options.minimumStakeNano, withdrawalDelaySeconds: options.withdrawalDelaySeconds, treasury: ownerWallet,
  };
  return {
    operator, owner: ownerWallet, pool, terms, timelockSeconds: options.timelockSeconds,
    distribution: RewardDistribution.create(operator, pool.address),
    registry: ParticipantRegistry.create(operator, pool.address, terms),
  };
}

export async function fund(chain: Toncenter, endpoint: string, local: boolean, wallet: Address, name: string, say: Say): Promise<void> {
  const { balanceNano } = await chain.account(wallet);
  if (balanceNano >= WALLET_MINIMUM_NANO) return;
  if (!local)
    throw new Error(`${name} wallet ${wallet.toString({ bounceable: false })} holds ${balanceNano} nanoTON: send at least ${WALLET_MINIMUM_NANO} there and run this again`);
  say(`funding the ${name} wallet ${rawAddress(wallet)} from the faucet`);
  await faucet(endpoint, wallet, LOCAL_FUNDS_NANO);
}

async function deployContract(chain: Toncenter, keys: KeyPair, name: keyof typeof START_NANO, address: Address, init: StateInit, say: Say): Promise<void> {
  const isActive = async () => (await chain.account(address)).state === 'active';
  if (await isActive()) return say(`${name} is deployed at ${rawAddress(address)}`);
  say(`deploying ${name} at ${rawAddress(address)}`);
  await sendAndWait(chain, keys, { to: address, valueNano: START_NANO[name], body: null, bounce: false, init });
  await waitUntil(`the deployment of ${name}`, isActive);
}

/** Links a contract to PoolOperator. The first link of a role waits for nothing. */
async function link(chain: Toncenter, owner: KeyPair, pool: Address, role: Role, target: Address, say: Say): Promise<void> {
  const look = async () => parsePoolOperator((await chain.account(pool)).data ?? Cell.EMPTY);
  if ((await look()).links.has(role)) return;
  say(`linking ${rawAddress(target)} to PoolOperator`);
  const action = actions.setLink(role, target);
  const waiting = (await look()).proposals.find(p => p.action.hash().equals(action.hash()));
  const id = waiting?.id ?? (await look()).nextOwnerProposal;
  await governor(chain, owner, pool)(proposeBody(id, action));
  await waitUntil('the proposal', async () => (await look()).proposals.some(p => p.id === id), LANDING_SECONDS);
  await governor(chain, owner, pool)(applyProposalBody(id));
  await waitUntil('the link', async () => (await look()).links.has(role), LANDING_SECONDS);
}

/** Sends the owner's commands to PoolOperator. */
export function governor(chain: Toncenter, owner: KeyPair, pool: Address) {
  return (body: Cell) => sendAndWait(chain, owner, { to: pool, valueNano: GOVERNANCE_VALUE_NANO, body, bounce: true });
}
