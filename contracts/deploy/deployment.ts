import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the gateway and the pool need to know of a deployment. */
export interface Deployment {
  /** `local` is the local chain; anything else is a real one, where coins do not come from a faucet. */
  readonly network: 'local' | 'mainnet';
  readonly operator_wallet: string;
  readonly distribution: string;
  readonly stake_wallet: string;
  readonly chain: string;
}

export const signerKeyFile = (folder: string) => join(folder, 'signer.key');
export const stakeKeyFile = (folder: string) => join(folder, 'stake.key');
const deploymentFile = (folder: string) => join(folder, 'deployment.json');

export function readDeployment(folder: string): Deployment {
  const path = deploymentFile(folder);
  if (!existsSync(path)) throw new Error(`${path} does not exist: run the deployment first (node build/deploy/main.js)`);
  return JSON.parse(readFileSync(path, 'utf8')) as Deployment;
}

/**
 * A folder serves one network for good. On a second one the same key would have the same wallet at the same address, and
 * a message signed for one chain could be replayed on the other.
 */
export function requireSameNetwork(folder: string, network: Deployment['network']): void {
  if (!existsSync(deploymentFile(folder))) return;
  const before = readDeployment(folder).network;
  if (before !== network)
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
