import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getTolkCompilerVersion, runTolkCompiler } from '@ton/tolk-js';
import { CONTRACTS, ContractName } from './contractCode.js';

// Runs as build/wrappers/compile.js; the sources stay outside of build/.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Compiles one contract and writes `build/<name>.json`, which the wrappers read. */
async function compile(name: string, entrypoint: string): Promise<void> {
  const result = await runTolkCompiler({
    entrypointFileName: entrypoint,
    fsReadCallback: path => readFileSync(join(root, path), 'utf8'),
  });
  if (result.status === 'error') throw new Error(`${entrypoint} does not compile:\n${result.message}`);
  if (result.stderr) console.error(result.stderr);
  const output = { name, compiler: `tolk ${await getTolkCompilerVersion()}`, hash: result.codeHashHex.toLowerCase(), code: result.codeBoc64 };
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(join(root, 'build', `${name}.json`), JSON.stringify(output, null, 1) + '\n');
  console.log(`${name}: ${output.hash} (${output.compiler})`);
}

const ENTRYPOINTS: Readonly<Record<ContractName, string>> = {
  PoolOperator: 'operator/pool-operator.tolk',
  ParticipantRegistry: 'registry/participant-registry.tolk',
  StakeAccount: 'stake/stake-account.tolk',
  RewardDistribution: 'distribution/reward-distribution.tolk',
  WorkerVault: 'vault/worker-vault.tolk',
};

for (const name of CONTRACTS) await compile(name, ENTRYPOINTS[name]);
