import { readFileSync } from 'node:fs';
import { Address, Cell } from '@ton/core';
import { Contracts } from '../gateway/contracts.js';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { codeHashOf, CONTRACTS, ContractName } from '../wrappers/contractCode.js';
import { parseRegistry } from '../wrappers/participantRegistry.js';
import { parsePoolOperator } from '../wrappers/poolOperator.js';
import { DistributionStorage } from '../wrappers/rewardDistribution.js';
import { parseStake, stakeAddress } from '../wrappers/stakeAccount.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { vaultAddress } from '../wrappers/workerVault.js';
import { readDeployment } from './deployment.js';

/**
 * Compares code, links and owners on the chain with the record of the deployment, and the record with the artefacts: what is compiled
 * here and the hashes that are committed with the sources. The record alone could have been written by whoever deployed something else.
 */
export async function verify(endpoint: string, folder: string) {
  const deployment = readDeployment(folder);
  const { checks } = await new Contracts(new Toncenter(endpoint), deployment).verification();
  const committed = committedCodeHashes();
  for (const name of CONTRACTS) {
    for (const [what, found] of [['compiled', codeHashOf(name)], ['deployed', deployment.code_hashes[name]]] as const)
      checks.push({ what: `${name} ${what} as committed`, ok: found === committed[name], expected: committed[name], found });
  }
  return { ok: checks.every(check => check.ok), checks };
}

/** The code hashes that the golden vectors fix; `npm run golden` writes them and a test compares. */
function committedCodeHashes(): Record<ContractName, string> {
  const { codes } = JSON.parse(readFileSync(new URL('../../golden/contracts.json', import.meta.url), 'utf8')) as { codes: Record<ContractName, { hash: string }> };
  return Object.fromEntries(CONTRACTS.map(name => [name, codes[name].hash])) as Record<ContractName, string>;
}

/** The accounts that nobody lists on chain: they follow from whom they belong to. */
export interface Owners {
  readonly participants: readonly Address[];
  /** Numbers of workers, 32 bytes each. */
  readonly workers: readonly Buffer[];
}

/** Everything that the pool's contracts hold, read and as raw cells, so that it can be kept, compared and restored from. */
export async function exportState(endpoint: string, folder: string, { participants, workers }: Owners = { participants: [], workers: [] }): Promise<unknown> {
  const deployment = readDeployment(folder);
  const chain = new Toncenter(endpoint);
  const look = async (address: Address, read: (data: Cell) => unknown) => {
    const account = await chain.account(address);
    return {
      address: rawAddress(address), account: account.state, balance_nano: account.balanceNano, mc_seqno: account.mcSeqno, chain_time: account.chainTime,
      code_hash: account.code?.hash().toString('hex') ?? null, data: account.data, state: account.data === null ? null : read(account.data),
    };
  };
  const required = async (address: string, read: (data: Cell) => unknown) => {
    const found = await look(parseAddress(address), read);
    if (found.data === null) throw new Error(`${address} is ${found.account}: there is no state to export`);
    return found;
  };
  const [registry, pool, distribution] = [deployment.registry, deployment.pool_operator, deployment.distribution].map(address => parseAddress(address)) as [Address, Address, Address];
  const stakes: Record<string, unknown> = {};
  for (const participant of participants) stakes[rawAddress(participant)] = await look(stakeAddress(registry, participant), parseStake);
  const vaults: Record<string, unknown> = {};
  for (const worker of workers) vaults[worker.toString('hex')] = await look(vaultAddress(pool, distribution, worker), () => null);
  return {
    network: deployment.network,
    PoolOperator: await required(deployment.pool_operator, parsePoolOperator),
    ParticipantRegistry: await required(deployment.registry, parseRegistry),
    RewardDistribution: await required(deployment.distribution, data => {
      const storage = DistributionStorage.parse(data);
      return {
        operator: storage.operator.toRawString(), admin: storage.admin.toRawString(), paused: storage.paused, pruned_below: storage.prunedBelow,
        shares_owed_nano: storage.sharesOwedNano, fees_owed_nano: storage.feesOwedNano, fees_earned_nano: storage.feesEarnedNano,
        epochs: Object.fromEntries(storage.epochNumbers().map(number => [number, storage.epoch(number)])),
      };
    }),
    StakeAccount: stakes,
    WorkerVault: vaults,
  };
}
