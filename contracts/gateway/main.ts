import { readFileSync } from 'node:fs';
import { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { readDeployment, signerKeyFile } from '../deploy/deployment.js';
import { readKeyFrom } from '../wrappers/keys.js';
import { rawAddress } from '../wrappers/address.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { EntryRules } from './entryRules.js';
import { serve } from './http.js';
import { SigningPolicy } from './policy.js';
import { readPolicyOptions } from './policyOptions.js';
import { Reader } from './reader.js';
import { routesOf } from './routes.js';
import { SignedCommands } from './signedCommands.js';
import { Contracts } from './contracts.js';
import { SignedBatches } from './signedBatches.js';
import { SignedEntries } from './signedEntries.js';
import { Signer } from './signer.js';

const USAGE = 'usage: GATEWAY_TOKEN=… node build/gateway/main.js --port P --state DIR --endpoint URL (or GATEWAY_TOKEN_FILE)';
const MIN_TOKEN_LENGTH = 16;

function options() {
  const { values } = parseArgs({ options: { port: { type: 'string' }, state: { type: 'string' }, endpoint: { type: 'string' } } });
  const port = Number(values.port);
  if (values.port === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be from 0 (any free port) to 65535');
  if (!values.state) throw new Error('--state must name the folder of the deployment');
  if (!values.endpoint) throw new Error('--endpoint must be the URL of a toncenter v2 API');
  return { port, folder: values.state, endpoint: values.endpoint };
}

function readToken(environment: NodeJS.ProcessEnv): string {
  const token = environment.GATEWAY_TOKEN
    ?? (environment.GATEWAY_TOKEN_FILE ? readFileSync(environment.GATEWAY_TOKEN_FILE, 'utf8').trim() : '');
  if (token.length < MIN_TOKEN_LENGTH) throw new Error(`GATEWAY_TOKEN or GATEWAY_TOKEN_FILE must give a token of at least ${MIN_TOKEN_LENGTH} characters`);
  return token;
}

function main(): void {
  const { port, folder, endpoint } = options();
  const token = readToken(process.env);
  const deployment = readDeployment(folder);
  const chain = new Toncenter(endpoint);
  const reader = new Reader(chain, deployment, folder);
  const contracts = new Contracts(chain, deployment);
  const signer = new Signer(readKeyFrom(process.env, 'GATEWAY_SIGNER_KEY', signerKeyFile(folder)), contracts);
  if (!signer.address.equals(reader.operator))
    throw new Error(`the signer's key belongs to ${rawAddress(signer.address)}, but deployment.json names ${deployment.operator_wallet}: they are of different deployments`);
  const batches = new SignedBatches(folder);
  const commands = new SignedCommands(folder);
  const entries = new SignedEntries(folder);
  const rules = new EntryRules(entries);
  const policy = new SigningPolicy(readPolicyOptions(folder, process.env), batches, commands, entries, rules);
  const server = serve(routesOf({ chain, reader, contracts, signer, policy, rules }), token);
  server.listen(port, '127.0.0.1', () => console.log(`gateway ready http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => {
    server.close();
    server.closeAllConnections();
    batches.close();
    commands.close();
    entries.close();
    process.exit(0);
  });
}

try {
  main();
} catch (error) {
  console.error(`${(error as Error).message}\n${USAGE}`);
  process.exitCode = 1;
}
