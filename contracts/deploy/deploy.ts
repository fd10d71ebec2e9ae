import { Address } from '@ton/core';
import { KeyPair } from '@ton/crypto';
import { rawAddress } from '../wrappers/address.js';
import { readOrCreateKey } from '../wrappers/keys.js';
import { walletOf } from '../wrappers/operatorWallet.js';
import { RewardDistribution } from '../wrappers/rewardDistribution.js';
import { sendAndWait, waitUntil } from '../wrappers/sendAndWait.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { Deployment, requireSameNetwork, signerKeyFile, stakeKeyFile, writeDeployment } from './deployment.js';
import { isLocalChain, faucet } from './localFaucet.js';

/** The contract keeps 0.1 TON for rent; the rest of this pays the gas of receiving some thousand payments of revenue. */
const DISTRIBUTION_START_NANO = 500_000_000n;
/** Enough for the deployment and the first batches; every batch returns what it does not use. */
const OPERATOR_MINIMUM_NANO = 1_000_000_000n;
const OPERATOR_LOCAL_FUNDS_NANO = 100_000_000_000n;

/** Brings a deployment to completion from wherever it stands; on a complete one it changes nothing. */
export async function deploy(endpoint: string, folder: string, say: (line: string) => void): Promise<Deployment> {
  const chain = new Toncenter(endpoint);
  const local = await isLocalChain(endpoint);
  requireSameNetwork(folder, local ? 'local' : 'mainnet');
  const keys = await readOrCreateKey(signerKeyFile(folder));
  const operator = walletOf(keys.publicKey).address;
  const stakeWallet = walletOf((await readOrCreateKey(stakeKeyFile(folder))).publicKey).address;
  const distribution = RewardDistribution.ofOwner(operator);
  if ((await chain.account(distribution.address)).state === 'active') {
    say(`RewardDistribution is deployed at ${rawAddress(distribution.address)}`);
  } else {
    await fundOperator(chain, endpoint, local, operator, say);
    await deployDistribution(chain, keys, distribution, say);
  }
  const deployment: Deployment = {
    network: local ? 'local' : 'mainnet',
    operator_wallet: rawAddress(operator),
    distribution: rawAddress(distribution.address),
    stake_wallet: rawAddress(stakeWallet),
    chain: endpoint,
  };
  if (writeDeployment(folder, deployment)) say('deployment.json is written');
  return deployment;
}

async function fundOperator(chain: Toncenter, endpoint: string, local: boolean, operator: Address, say: (line: string) => void): Promise<void> {
  const { balanceNano } = await chain.account(operator);
  if (balanceNano >= OPERATOR_MINIMUM_NANO) return;
  if (!local)
    throw new Error(`operator wallet ${operator.toString({ bounceable: false })} holds ${balanceNano} nanoTON: send at least ${OPERATOR_MINIMUM_NANO} there and run this again`);
  say(`funding the operator wallet ${rawAddress(operator)} from the faucet`);
  await faucet(endpoint, operator, OPERATOR_LOCAL_FUNDS_NANO);
}

async function deployDistribution(chain: Toncenter, keys: KeyPair, distribution: RewardDistribution, say: (line: string) => void): Promise<void> {
  say(`deploying RewardDistribution at ${rawAddress(distribution.address)}`);
  await sendAndWait(chain, keys, {
    to: distribution.address, valueNano: DISTRIBUTION_START_NANO, body: null, bounce: false, init: distribution.init!,
  });
  await waitUntil('the deployment', async () => (await chain.account(distribution.address)).state === 'active');
}
