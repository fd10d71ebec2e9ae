import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beginCell, Cell } from '@ton/core';
import { launchChain, temporaryFolder } from '../localnet/launch.js';
import { parseAddress } from '../wrappers/address.js';
import { codeOf } from '../wrappers/contractCode.js';
import { waitUntil } from '../wrappers/sendAndWait.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { deploy } from './deploy.js';
import { faucet } from './localFaucet.js';
import { upgrade } from './upgrade.js';

const build = fileURLToPath(new URL('..', import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [join(build, 'deploy/main.js'), ...args]);

/** The same program with a reference more: other hash, same behaviour. */
function variantOf(code: Cell): Cell {
  return beginCell().storeSlice(code.beginParse()).storeRef(beginCell().storeUint(1, 8).endCell()).endCell();
}

test('code is upgraded in steps that can be repeated, and verification sees every difference', { timeout: 120_000 }, async t => {
  const folder = temporaryFolder(t);
  const chain = await launchChain(t, join(folder, 'chain'));
  const state = join(folder, 'state');
  const where = ['--endpoint', chain.url, '--state', state];
  const deployment = await deploy(chain.url, state, () => {}, { timelockSeconds: 2 });
  assert.equal(JSON.parse((await run('verify', ...where)).stdout).ok, true);
  assert.equal(JSON.parse((await run('upgrade', '--contract', 'RewardDistribution', ...where)).stdout).state, 'up_to_date');
  const exported = JSON.parse((await run('export-state', ...where)).stdout);
  assert.equal(exported.RewardDistribution.state.operator, deployment.operator_wallet);
  assert.equal(exported.ParticipantRegistry.state.minimumStakeNano, '1000000000');
  assert.equal(exported.PoolOperator.state.links['1'], deployment.distribution);

  for (const name of ['RewardDistribution', 'PoolOperator'] as const) {
    const code = variantOf(codeOf(name));
    const first = await upgrade(chain.url, state, name, () => {}, code);
    assert.equal(first.state, 'waiting');
    assert.deepEqual(await upgrade(chain.url, state, name, () => {}, code), first, 'a second run changes nothing while it waits');
    const notBefore = first.state === 'waiting' ? first.not_before : 0;
    const client = new Toncenter(chain.url);
    await waitUntil('the timelock', async () => (await client.account(parseAddress(deployment.pool_operator))).chainTime >= notBefore);
    assert.equal((await upgrade(chain.url, state, name, () => {}, code)).state, 'upgraded');
    assert.equal((await upgrade(chain.url, state, name, () => {}, code)).state, 'up_to_date');
  }
  assert.equal(JSON.parse((await run('verify', ...where)).stdout).ok, true, 'the record follows the upgrade');
  const again = await deploy(chain.url, state, () => {});
  assert.equal(again.distribution, deployment.distribution, 'an upgraded contract keeps its address');
  await faucet(chain.url, parseAddress(deployment.distribution), 1_000n);

  const file = join(state, 'deployment.json');
  const record = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...record, code_hashes: { ...record.code_hashes, RewardDistribution: '0'.repeat(64) } }));
  const failed = await run('verify', ...where).catch((error: { code: number; stdout: string }) => error) as { code: number; stdout: string };
  assert.equal(failed.code, 1);
  assert.deepEqual(JSON.parse(failed.stdout).checks.filter((c: { ok: boolean }) => !c.ok).map((c: { what: string }) => c.what), ['RewardDistribution code']);
  await assert.rejects(run('upgrade', '--contract', 'StakeAccount', ...where), /--contract must be one of/);
  await assert.rejects(run('destroy', ...where), /there is no command "destroy"/);
});
