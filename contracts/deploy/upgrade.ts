import { Cell } from '@ton/core';
import { parseAddress } from '../wrappers/address.js';
import { codeOf } from '../wrappers/contractCode.js';
import { upgradeCodeBody } from '../wrappers/distributionMessages.js';
import { readKey } from '../wrappers/keys.js';
import { actions, applyProposalBody, parsePoolOperator, Proposal, proposeBody, Role } from '../wrappers/poolOperator.js';
import { waitUntil } from '../wrappers/sendAndWait.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { governor } from './deploy.js';
import { DeployedContract, ownerKeyFile, readDeployment, writeDeployment } from './deployment.js';

export type UpgradeResult = { readonly state: 'up_to_date' | 'upgraded'; readonly code_hash: string }
  | { readonly state: 'waiting'; readonly proposal: number; readonly not_before: number; readonly code_hash: string };

/**
 * Takes one step of an upgrade to the compiled code: the first run proposes it, a run after the timelock applies it, and
 * a run afterwards finds nothing to do. Nothing is kept between runs but what the chain says.
 *
 * An upgrade keeps data and address, so the new code must read the old data.
 */
export async function upgrade(endpoint: string, folder: string, name: DeployedContract, say: (line: string) => void, code = codeOf(name)): Promise<UpgradeResult> {
  const deployment = readDeployment(folder);
  const chain = new Toncenter(endpoint);
  const owner = readKey(ownerKeyFile(folder));
  const pool = parseAddress(deployment.pool_operator);
  const address = parseAddress({ PoolOperator: deployment.pool_operator, ParticipantRegistry: deployment.registry, RewardDistribution: deployment.distribution }[name]);
  const wanted = code.hash().toString('hex');
  const codeHash = async () => (await chain.account(address)).code?.hash().toString('hex');
  const done = (state: 'up_to_date' | 'upgraded'): UpgradeResult => {
    writeDeployment(folder, { ...deployment, code_hashes: { ...deployment.code_hashes, [name]: wanted } });
    return { state, code_hash: wanted };
  };
  if (await codeHash() === wanted) return done('up_to_date');

  const action = actionOf(name, code, deployment.owner_wallet);
  const look = async () => {
    const account = await chain.account(pool);
    if (account.data === null) throw new Error(`PoolOperator ${deployment.pool_operator} is ${account.state} on this chain`);
    return { ...parsePoolOperator(account.data), chainTime: account.chainTime };
  };
  const state = await look();
  const existing = state.proposals.find(p => p.action.hash().equals(action.hash()));
  if (existing === undefined) {
    const id = state.nextOwnerProposal;
    say(`proposing the upgrade of ${name} to ${wanted} as proposal ${id}`);
    await governor(chain, owner, pool)(proposeBody(id, action));
    await waitUntil('the proposal', async () => (await look()).proposals.some(p => p.id === id));
    return waiting((await look()).proposals.find(p => p.id === id)!, wanted);
  }
  if (state.chainTime < existing.proposedAt + existing.waitSeconds) return waiting(existing, wanted);
  say(`applying proposal ${existing.id}`);
  await governor(chain, owner, pool)(applyProposalBody(existing.id));
  await waitUntil(`the new code of ${name}`, async () => await codeHash() === wanted);
  return done('upgraded');
}

function waiting({ id, proposedAt, waitSeconds }: Proposal, codeHash: string): UpgradeResult {
  return { state: 'waiting', proposal: id, not_before: proposedAt + waitSeconds, code_hash: codeHash };
}

function actionOf(name: DeployedContract, code: Cell, owner: string): Cell {
  if (name === 'PoolOperator') return actions.upgradeSelf(code);
  return actions.commandLinked(name === 'RewardDistribution' ? Role.Distribution : Role.Registry, upgradeCodeBody(code, parseAddress(owner)));
}
