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
import { applyProposalBody } from '../wrappers/poolOperator.js';
import { waitUntil } from '../wrappers/sendAndWait.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { deploy } from './deploy.js';
import { faucet } from './localFaucet.js';
import { canonicalJson } from './canonicalJson.js';
import { Upgrade } from './upgrade.js';

const build = fileURLToPath(new URL('..', import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [join(build, 'deploy/main.js'), ...args]);

interface Check { readonly what: string; readonly ok: boolean }

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
  const show = async () => JSON.parse((await run('upgrade', 'show', '--contract', 'RewardDistribution', ...where)).stdout);
  assert.equal((await show()).state, 'up_to_date');
  const exported = JSON.parse((await run('export-state', ...where)).stdout);
  assert.equal(exported.RewardDistribution.state.operator, deployment.operator_wallet);
  assert.equal(exported.ParticipantRegistry.state.minimumStakeNano, '1000000000');
  assert.equal(exported.PoolOperator.state.links['1'], deployment.distribution);

  const client = new Toncenter(chain.url);
  const chainTime = async () => (await client.account(parseAddress(deployment.pool_operator))).chainTime;
  for (const name of ['RewardDistribution', 'PoolOperator'] as const) {
    const upgrade = new Upgrade(chain.url, state, name, variantOf(codeOf(name)));
    assert.equal((await upgrade.show()).state, 'not_proposed');
    await assert.rejects(upgrade.apply(), /propose it first/);
    const first = await upgrade.propose();
    assert.equal(first.state, 'waiting');
    assert.deepEqual(await upgrade.propose(), first, 'a second proposal of the same changes nothing');
    await assert.rejects(upgrade.apply(), /waits until/);
    assert.equal((await upgrade.cancel()).state, 'not_proposed');
    assert.equal((await upgrade.cancel()).state, 'not_proposed', 'there is nothing to cancel any more');
    const second = await upgrade.propose();
    assert.notEqual(second.proposal, first.proposal);
    await waitUntil('the timelock', async () => await chainTime() >= second.not_before!);
    assert.equal((await upgrade.show()).state, 'ready');
    const { to, body_boc } = await upgrade.unsigned('apply');
    assert.equal(to, deployment.pool_operator);
    assert.ok(Cell.fromBase64(body_boc).equals(applyProposalBody(second.proposal!)), 'what an owner elsewhere signs is what is sent from here');
    assert.equal((await upgrade.apply()).state, 'up_to_date');
    assert.equal((await upgrade.apply()).state, 'up_to_date');
  }
  const record0 = JSON.parse((await run('verify', ...where).catch((error: { stdout: string }) => error)).stdout);
  assert.deepEqual(record0.checks.filter((c: Check) => !c.ok).map((c: Check) => c.what), ['PoolOperator deployed as committed', 'RewardDistribution deployed as committed'],
    'the record follows the upgrade, and this code is not the committed one');
  const again = await deploy(chain.url, state, () => {});
  assert.equal(again.distribution, deployment.distribution, 'an upgraded contract keeps its address');
  await faucet(chain.url, parseAddress(deployment.distribution), 1_000n);

  const file = join(state, 'deployment.json');
  const record = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...record, code_hashes: { ...record.code_hashes, RewardDistribution: '0'.repeat(64) } }));
  const failed = await run('verify', ...where).catch((error: { code: number; stdout: string }) => error) as { code: number; stdout: string };
  assert.equal(failed.code, 1);
  assert.ok(JSON.parse(failed.stdout).checks.some((c: Check) => !c.ok && c.what === 'RewardDistribution code'));
  await assert.rejects(run('upgrade', 'show', '--contract', 'StakeAccount', ...where), /--contract must be one of/);
  await assert.rejects(run('upgrade', '--contract', 'PoolOperator', ...where), /followed by one of/);
  await assert.rejects(run('destroy', ...where), /there is no command "destroy"/);
});

test('the export is canonical, has every account that is asked for, and is the same again', { timeout: 60_000 }, async t => {
  const folder = temporaryFolder(t);
  const chain = await launchChain(t, join(folder, 'chain'));
  const state = join(folder, 'state');
  const deployment = await deploy(chain.url, state, () => {});
  const [participants, workers] = [join(folder, 'participants'), join(folder, 'workers')];
  writeFileSync(participants, `${deployment.treasury}\n`);
  writeFileSync(workers, `${'ab'.repeat(32)}\n`);
  const text = (await run('export-state', '--endpoint', chain.url, '--state', state, '--participants', participants, '--workers', workers)).stdout.trimEnd();
  const exported = JSON.parse(text);
  assert.equal(canonicalJson(exported), text);
  assert.deepEqual(Object.keys(exported), ['ParticipantRegistry', 'PoolOperator', 'RewardDistribution', 'StakeAccount', 'WorkerVault', 'network']);
  assert.equal(exported.StakeAccount[deployment.treasury].account, 'uninitialized');
  assert.equal(exported.WorkerVault['ab'.repeat(32)].state, null);
  writeFileSync(workers, 'nobody\n');
  await assert.rejects(run('export-state', '--endpoint', chain.url, '--state', state, '--workers', workers), /no worker's number/);
});
