import { parseArgs } from 'node:util';
import { deploy } from './deploy.js';

const USAGE = 'usage: node build/deploy/main.js --endpoint URL --state DIR [--json]';

async function run() {
  const { values } = parseArgs({ options: { endpoint: { type: 'string' }, state: { type: 'string' }, json: { type: 'boolean' } } });
  if (!values.endpoint || !values.state) throw new Error(`--endpoint and --state are needed\n${USAGE}`);
  // With --json only the result goes to standard output, so that a program can read it.
  const say = (line: string) => values.json ? console.error(line) : console.log(line);
  const deployment = await deploy(values.endpoint, values.state, say);
  if (values.json) console.log(JSON.stringify(deployment));
}

run().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
