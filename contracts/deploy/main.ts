import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseAddress } from '../wrappers/address.js';
import { canonicalJson } from './canonicalJson.js';
import { deploy } from './deploy.js';
import { DeployedContract } from './deployment.js';
import { exportState, Owners, verify } from './inspect.js';
import { rotateOperator } from './rotateOperator.js';
import { Upgrade, UpgradeStep } from './upgrade.js';

const USAGE = `usage:
  node build/deploy/main.js [deploy] --endpoint URL --state DIR [--json] [--timelock-seconds N] [--minimum-stake-nano N] [--withdrawal-delay-seconds N]
  node build/deploy/main.js verify --endpoint URL --state DIR            exits 1 if anything is not as recorded
  node build/deploy/main.js export-state [--participants FILE] [--workers FILE] --endpoint URL --state DIR   canonical JSON; files with an address, or a worker's number, a line
  node build/deploy/main.js upgrade show|propose|apply|cancel --contract NAME [--unsigned] --endpoint URL --state DIR   NAME: PoolOperator, ParticipantRegistry, RewardDistribution
  node build/deploy/main.js rotate-operator [--begin] --endpoint URL --state DIR   begin, run it again after the timelock, restart the gateway`;

const OPTIONS = {
  endpoint: { type: 'string' }, state: { type: 'string' }, json: { type: 'boolean' }, begin: { type: 'boolean' }, contract: { type: 'string' }, unsigned: { type: 'boolean' },
  participants: { type: 'string' }, workers: { type: 'string' },
  'timelock-seconds': { type: 'string' }, 'minimum-stake-nano': { type: 'string' }, 'withdrawal-delay-seconds': { type: 'string' },
} as const;

const STEPS: readonly string[] = ['show', 'propose', 'apply', 'cancel'] satisfies UpgradeStep[];
const UPGRADABLE: readonly string[] = ['PoolOperator', 'ParticipantRegistry', 'RewardDistribution'] satisfies DeployedContract[];

async function run() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const [command = 'deploy', ...rest] = positionals;
  const { endpoint, state } = values;
  if (!endpoint || !state || rest.length > (command === 'upgrade' ? 1 : 0)) throw new Error(`--endpoint and --state are needed\n${USAGE}`);
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
      return console.log(canonicalJson(await exportState(endpoint, state, owners(values))));
    case 'upgrade': {
      if (!UPGRADABLE.includes(values.contract ?? '')) throw new Error(`--contract must be one of ${UPGRADABLE.join(', ')}\n${USAGE}`);
      const step = rest[0] ?? '';
      if (!STEPS.includes(step)) throw new Error(`upgrade is followed by one of ${STEPS.join(', ')}\n${USAGE}`);
      const upgrade = new Upgrade(endpoint, state, values.contract as DeployedContract);
      return print(values.unsigned && step !== 'show' ? await upgrade.unsigned(step as Exclude<UpgradeStep, 'show'>) : await upgrade[step as UpgradeStep]());
    }
    case 'rotate-operator':
      return print(await rotateOperator(endpoint, state, say, values.begin ?? false));
    default:
      throw new Error(`there is no command "${command}"\n${USAGE}`);
  }
}

function owners({ participants, workers }: { participants?: string; workers?: string }): Owners {
  const lines = (path: string | undefined) => path === undefined ? [] : readFileSync(path, 'utf8').split('\n').map(line => line.trim()).filter(line => line !== '');
  return {
    participants: lines(participants).map(line => parseAddress(line)),
    workers: lines(workers).map(line => {
      if (!/^[0-9a-f]{64}$/.test(line)) throw new Error(`"${line}" is no worker's number: 64 lower-case hex digits`);
      return Buffer.from(line, 'hex');
    }),
  };
}

run().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
