import { parseArgs } from 'node:util';
import { deploy } from './deploy.js';
import { DeployedContract } from './deployment.js';
import { exportState, verify } from './inspect.js';
import { rotateOperator } from './rotateOperator.js';
import { upgrade } from './upgrade.js';

const USAGE = `usage:
  node build/deploy/main.js [deploy] --endpoint URL --state DIR [--json] [--timelock-seconds N] [--minimum-stake-nano N] [--withdrawal-delay-seconds N]
  node build/deploy/main.js verify --endpoint URL --state DIR            exits 1 if anything is not as recorded
  node build/deploy/main.js export-state --endpoint URL --state DIR
  node build/deploy/main.js upgrade --contract NAME --endpoint URL --state DIR   NAME: PoolOperator, ParticipantRegistry, RewardDistribution
  node build/deploy/main.js rotate-operator [--begin] --endpoint URL --state DIR   begin, run it again after the timelock, restart the gateway`;

const OPTIONS = {
  endpoint: { type: 'string' }, state: { type: 'string' }, json: { type: 'boolean' }, begin: { type: 'boolean' }, contract: { type: 'string' },
  'timelock-seconds': { type: 'string' }, 'minimum-stake-nano': { type: 'string' }, 'withdrawal-delay-seconds': { type: 'string' },
} as const;

const UPGRADABLE: readonly string[] = ['PoolOperator', 'ParticipantRegistry', 'RewardDistribution'] satisfies DeployedContract[];

async function run() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const [command = 'deploy', ...rest] = positionals;
  const { endpoint, state } = values;
  if (!endpoint || !state || rest.length > 0) throw new Error(`--endpoint and --state are needed\n${USAGE}`);
  // Only the result goes to standard output when a program reads it.
  const say = (line: string) => values.json || command !== 'deploy' ? console.error(line) : console.log(line);
  const number = (name: 'timelock-seconds' | 'minimum-stake-nano' | 'withdrawal-delay-seconds') => {
    const text = values[name];
    if (text !== undefined && !/^\d{1,15}$/.test(text)) throw new Error(`--${name} must be a whole number\n${USAGE}`);
    return text;
  };
  const print = (value: unknown, indent = 0) => console.log(JSON.stringify(value, null, indent));
  switch (command) {
    case 'deploy': {
      const [timelock, minimum, delay] = [number('timelock-seconds'), number('minimum-stake-nano'), number('withdrawal-delay-seconds')];
      const deployment = await deploy(endpoint, state, say, {
        ...timelock === undefined ? {} : { timelockSeconds: Number(timelock) },
        ...minimum === undefined ? {} : { minimumStakeNano: BigInt(minimum) },
        ...delay === undefined ? {} : { withdrawalDelaySeconds: Number(delay) },
      });
      return values.json ? print(deployment) : undefined;
    }
    case 'verify': {
      const result = await verify(endpoint, state);
      if (!result.ok) process.exitCode = 1;
      return print(result, 2);
    }
    case 'export-state':
      return print(await exportState(endpoint, state), 2);
    case 'upgrade': {
      if (!UPGRADABLE.includes(values.contract ?? '')) throw new Error(`--contract must be one of ${UPGRADABLE.join(', ')}\n${USAGE}`);
      return print(await upgrade(endpoint, state, values.contract as DeployedContract, say));
    }
    case 'rotate-operator':
      return print(await rotateOperator(endpoint, state, say, values.begin ?? false));
    default:
      throw new Error(`there is no command "${command}"\n${USAGE}`);
  }
}

run().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
