import { Cell } from '@ton/core';
import { Contracts } from '../gateway/contracts.js';
import { parseAddress } from '../wrappers/address.js';
import { parseRegistry } from '../wrappers/participantRegistry.js';
import { parsePoolOperator } from '../wrappers/poolOperator.js';
import { DistributionStorage } from '../wrappers/rewardDistribution.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { readDeployment } from './deployment.js';

/** Compares code, links and owners on the chain with the record of the deployment. */
export function verify(endpoint: string, folder: string) {
  return new Contracts(new Toncenter(endpoint), readDeployment(folder)).verification();
}

/** Numbers of any size as text, maps as objects, so that the state can be written as JSON and compared. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [String(key), each as unknown]));
  if (value instanceof Cell) return value.toBoc().toString('base64');
  return value;
}

/** Everything that the pool's contracts hold, read and as raw cells, so that it can be kept, compared and restored from. */
export async function exportState(endpoint: string, folder: string): Promise<unknown> {
  const deployment = readDeployment(folder);
  const chain = new Toncenter(endpoint);
  const look = async (address: string, read: (data: Cell) => unknown) => {
    const account = await chain.account(parseAddress(address));
    if (account.data === null) throw new Error(`${address} is ${account.state}: there is no state to export`);
    return {
      address, balance_nano: account.balanceNano, mc_seqno: account.mcSeqno, chain_time: account.chainTime,
      code_hash: account.code!.hash().toString('hex'), data: account.data, state: read(account.data),
    };
  };
  const state = {
    network: deployment.network,
    PoolOperator: await look(deployment.pool_operator, parsePoolOperator),
    ParticipantRegistry: await look(deployment.registry, parseRegistry),
    RewardDistribution: await look(deployment.distribution, data => {
      const storage = DistributionStorage.parse(data);
      return {
        operator: storage.operator.toRawString(), admin: storage.admin.toRawString(), paused: storage.paused, pruned_below: storage.prunedBelow,
        shares_owed_nano: storage.sharesOwedNano, fees_owed_nano: storage.feesOwedNano, fees_earned_nano: storage.feesEarnedNano,
        epochs: Object.fromEntries(storage.epochNumbers().map(number => [number, storage.epoch(number)])),
      };
    }),
  };
  return JSON.parse(JSON.stringify(state, plain));
}
