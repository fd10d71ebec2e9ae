import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAddress } from '../wrappers/address.js';
import { ContractName } from '../wrappers/contractCode.js';

export type Network = 'local' | 'mainnet' | 'testnet';

/** The contracts that every deployment has one of; stake accounts and vaults are derived from them. */
export type DeployedContract = Extract<ContractName, 'PoolOperator' | 'ParticipantRegistry' | 'RewardDistribution'>;

/** What the gateway and the pool need to know of a deployment. */
export interface Deployment {
  /** `local` is the local chain; anything else is a real one, where coins do not come from a faucet. */
  readonly network: Network;
  /** Owns PoolOperator: parameters, pausing, upgrades. Its key is not the gateway's. */
  readonly owner_wallet: string;
  readonly operator_wallet: string;
  readonly pool_operator: string;
  readonly registry: string;
  readonly distribution: string;
  readonly treasury: string;
  readonly chain: string;
  readonly timelock_seconds: number;
  /** Hashes of the code that was deployed or last upgraded to, by contract; stake accounts and vaults included. */
  readonly code_hashes: Readonly<Record<ContractName, string>>;
}

export const signerKeyFile = (folder: string) => join(folder, 'signer.key');
/** The key that a rotation of the operator's wallet is bringing in, and the one that it put away. */
export const nextSignerKeyFile = (folder: string) => join(folder, 'signer.next.key');
export const previousSignerKeyFile = (folder: string) => join(folder, 'signer.previous.key');
export const ownerKeyFile = (folder: string) => join(folder, 'owner.key');
export const deploymentFile = (folder: string) => join(folder, 'deployment.json');

const ADDRESSES = ['owner_wallet', 'operator_wallet', 'pool_operator', 'registry', 'distribution', 'treasury'] as const;

export function readDeployment(folder: string): Deployment {
  const path = deploymentFile(folder);
  if (!existsSync(path)) throw new Error(`${path} does not exist: run the deployment first (node build/deploy/main.js)`);
  const deployment = JSON.parse(readFileSync(path, 'utf8')) as Deployment;
  for (const key of ADDRESSES) {
    if (typeof deployment[key] !== 'string') throw new Error(`${path} has no ${key}: it is of an older version, run the deployment again`);
    parseAddress(deployment[key]);
  }
  return deployment;
}

/** The network that a folder's keys already serve, if any. */
export function recordedNetwork(folder: string): Network | null {
  const path = deploymentFile(folder);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Deployment).network : null;
}

/**
 * A folder serves one network for good. On a second one the same key would have the same wallet at the same address, and
 * a message signed for one chain could be replayed on the other.
 */
export function requireSameNetwork(folder: string, network: Network): void {
  const before = recordedNetwork(folder);
  if (before !== null && before !== network)
    throw new Error(`${folder} holds the keys of a deployment on network ${before}, but this chain is ${network}: use another folder`);
}

/** Written beside and renamed over, so that a reader never meets half a file; left alone if it says the same. */
export function writeDeployment(folder: string, deployment: Deployment): boolean {
  const path = deploymentFile(folder);
  const text = JSON.stringify(deployment, null, 2) + '\n';
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
  return true;
}
