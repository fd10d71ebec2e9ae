import { existsSync, renameSync } from 'node:fs';
import { Address, Cell } from '@ton/core';
import { KeyPair } from '@ton/crypto';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { setOperatorBody } from '../wrappers/distributionMessages.js';
import { readKey, readOrCreateKey } from '../wrappers/keys.js';
import { walletOf } from '../wrappers/operatorWallet.js';
import { parseRegistry } from '../wrappers/participantRegistry.js';
import { actions, applyProposalBody, parsePoolOperator, Proposal, proposeBody, Role } from '../wrappers/poolOperator.js';
import { DistributionStorage } from '../wrappers/rewardDistribution.js';
import { waitUntil } from '../wrappers/sendAndWait.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { fund, governor } from './deploy.js';
import { Deployment, nextSignerKeyFile, ownerKeyFile, previousSignerKeyFile, readDeployment, signerKeyFile, writeDeployment } from './deployment.js';
import { isLocalChain } from './localFaucet.js';

export type RotationResult = { readonly state: 'up_to_date' | 'rotated'; readonly operator: string }
  | { readonly state: 'waiting'; readonly operator: string; readonly not_before: number };

/** One contract that obeys the operator, and what would make it obey another. */
interface Obedience {
  readonly name: string;
  readonly action: Cell;
  readonly obeyed: () => Promise<string>;
}

/**
 * Takes one step of a change of the operator's signing wallet: `begin` makes the key and proposes the new wallet to all
 * contracts, a run after the timelock applies that, puts the new key in the place of the old one and records it. Then the
 * gateway is restarted. Nothing is kept between runs but the keys and what the chain says.
 *
 * From the application on the contracts refuse the old wallet, and settlements sign nothing until the gateway has the new
 * key; before that they go on with the old one. The old key stays in `signer.previous.key`, because its wallet holds coins.
 */
export async function rotateOperator(endpoint: string, folder: string, say: (line: string) => void, begin = false): Promise<RotationResult> {
  const deployment = readDeployment(folder);
  const chain = new Toncenter(endpoint);
  const key = await nextKey(folder, deployment, begin);
  if (key === null) return { state: 'up_to_date', operator: deployment.operator_wallet };
  const next = walletOf(key.publicKey).address;
  const obediences = obediencesOf(chain, deployment, next);
  const missing: Obedience[] = [];
  for (const one of obediences) if (await one.obeyed() !== rawAddress(next)) missing.push(one);
  if (missing.length > 0) {
    await fund(chain, endpoint, await isLocalChain(endpoint), next, 'new operator', say);
    const waiting = await proposeOrApply(chain, folder, deployment, missing, rawAddress(next), say);
    if (waiting !== null) return { state: 'waiting', operator: rawAddress(next), not_before: waiting };
  }
  return finish(folder, deployment, rawAddress(next));
}

/** The key that is to sign: the one that waits, or the one that is in place and only not recorded yet, or a new one. Null if nothing is going on. */
async function nextKey(folder: string, deployment: Deployment, begin: boolean): Promise<KeyPair | null> {
  if (existsSync(nextSignerKeyFile(folder))) return readKey(nextSignerKeyFile(folder));
  const present = readKey(signerKeyFile(folder));
  if (rawAddress(walletOf(present.publicKey).address) !== deployment.operator_wallet) return present;
  return begin ? readOrCreateKey(nextSignerKeyFile(folder)) : null;
}

function obediencesOf(chain: Toncenter, deployment: Deployment, next: Address): Obedience[] {
  const owner = parseAddress(deployment.owner_wallet);
  const read = async (address: string, operatorOf: (data: Cell) => string) => operatorOf((await chain.account(parseAddress(address))).data ?? Cell.EMPTY);
  return [
    { name: 'PoolOperator', action: actions.changeOperator(next), obeyed: () => read(deployment.pool_operator, data => parsePoolOperator(data).operator) },
    { name: 'ParticipantRegistry', action: actions.commandLinked(Role.Registry, setOperatorBody(next, owner)), obeyed: () => read(deployment.registry, data => parseRegistry(data).operator) },
    // The contract that pays comes last, so that payments stop for as short as possible.
    {
      name: 'RewardDistribution', action: actions.commandLinked(Role.Distribution, setOperatorBody(next, owner)),
      obeyed: () => read(deployment.distribution, data => rawAddress(DistributionStorage.parse(data).operator)),
    },
  ];
}

/** Null once every contract obeys the new wallet; else the time before which nothing can be applied. */
async function proposeOrApply(
  chain: Toncenter, folder: string, deployment: Deployment, missing: readonly Obedience[], operator: string, say: (line: string) => void,
): Promise<number | null> {
  const pool = parseAddress(deployment.pool_operator);
  const govern = governor(chain, readKey(ownerKeyFile(folder)), pool);
  const look = async () => {
    const account = await chain.account(pool);
    return { ...parsePoolOperator(account.data ?? Cell.EMPTY), chainTime: account.chainTime };
  };
  const found = async ({ action }: Obedience): Promise<Proposal | undefined> => (await look()).proposals.find(p => p.action.hash().equals(action.hash()));
  for (const one of missing) {
    if (await found(one) !== undefined) continue;
    say(`proposing ${operator} as the operator of ${one.name}`);
    await govern(proposeBody((await look()).nextOwnerProposal, one.action));
    await waitUntil('the proposal', async () => await found(one) !== undefined);
  }
  const proposals = await Promise.all(missing.map(async one => (await found(one))!));
  const notBefore = Math.max(...proposals.map(p => p.proposedAt + p.waitSeconds));
  if ((await look()).chainTime < notBefore) return notBefore;
  for (const [i, one] of missing.entries()) {
    say(`applying proposal ${proposals[i]!.id}`);
    await govern(applyProposalBody(proposals[i]!.id));
    await waitUntil(`${one.name} to obey the new wallet`, async () => await one.obeyed() === operator);
  }
  return null;
}

function finish(folder: string, deployment: Deployment, operator: string): RotationResult {
  if (existsSync(nextSignerKeyFile(folder))) {
    if (existsSync(signerKeyFile(folder))) renameSync(signerKeyFile(folder), previousSignerKeyFile(folder));
    renameSync(nextSignerKeyFile(folder), signerKeyFile(folder));
  }
  return { state: writeDeployment(folder, { ...deployment, operator_wallet: operator }) ? 'rotated' : 'up_to_date', operator };
}
