import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { faucet } from './localFaucet.js';
import { launchChain, temporaryFolder } from '../localnet/launch.js';
import { parseAddress } from '../wrappers/address.js';
import { Toncenter } from '../wrappers/toncenter.js';

const build = fileURLToPath(new URL('..', import.meta.url));
const run = (script: string, ...args: string[]) => promisify(execFile)(process.execPath, [join(build, script), ...args]);

test('a deployment is made once; a second run changes nothing', { timeout: 60_000 }, async t => {
  const folder = temporaryFolder(t);
  const chain = await launchChain(t, join(folder, 'chain'));
  const state = join(folder, 'state');
  const first = JSON.parse((await run('deploy/main.js', '--endpoint', chain.url, '--state', state, '--json')).stdout);
  assert.equal(first.network, 'local');
  assert.equal(first.chain, chain.url);
  for (const key of ['signer.key', 'owner.key']) assert.equal(statSync(join(state, key)).mode & 0o777, 0o600);
  const client = new Toncenter(chain.url);
  const before = await client.account(parseAddress(first.operator_wallet));
  assert.equal((await client.account(parseAddress(first.distribution))).state, 'active');

  const second = JSON.parse((await run('deploy/main.js', '--endpoint', chain.url, '--state', state, '--json')).stdout);
  assert.deepEqual(second, first);
  assert.deepEqual(JSON.parse(readFileSync(join(state, 'deployment.json'), 'utf8')), first);
  assert.equal((await client.account(parseAddress(first.operator_wallet))).balanceNano, before.balanceNano);

  await assert.rejects(run('deploy/main.js', '--endpoint', 'http://127.0.0.1:9', '--state', state), /no chain answers at/);
  await assert.rejects(run('deploy/main.js', '--state', state), /usage/);
  writeFileSync(join(state, 'deployment.json'), JSON.stringify({ ...first, network: 'mainnet' }));
  await assert.rejects(run('deploy/main.js', '--endpoint', chain.url, '--state', state), /holds the keys of a deployment on network mainnet/);
});

test('the wallet tool makes a wallet, receives while it is not deployed, sends, and explains failures', { timeout: 60_000 }, async t => {
  const folder = temporaryFolder(t);
  const chain = await launchChain(t, join(folder, 'chain'));
  const keys = ['--keys', join(folder, 'keys')];
  const alice = JSON.parse((await run('tools/wallet.js', 'create', ...keys, '--name', 'alice')).stdout);
  assert.deepEqual(JSON.parse((await run('tools/wallet.js', 'create', ...keys, '--name', 'alice')).stdout), alice);
  assert.equal(parseAddress(alice.friendly).equals(parseAddress(alice.address)), true);
  const bob = JSON.parse((await run('tools/wallet.js', 'create', ...keys, '--name', 'bob')).stdout);
  const send = (...more: string[]) => run('tools/wallet.js', 'send', '--endpoint', chain.url, ...keys, ...more);

  await assert.rejects(send('--name', 'alice', '--to', bob.address, '--amount-nano', '5'), /holds 0 nanoTON, which is less than 5: fund it first/);
  await faucet(chain.url, parseAddress(alice.address), 1_000_000_000n);
  const client = new Toncenter(chain.url);
  assert.equal((await client.account(parseAddress(alice.address))).state, 'uninitialized');
  const sent = JSON.parse((await send('--name', 'alice', '--to', bob.friendly, '--amount-nano', '250000000', '--comment', 'stake')).stdout);
  assert.match(sent.tx_hash, /^[0-9a-f]{64}$/);
  assert.match(sent.lt, /^\d+$/);
  const balance = async () => (await client.account(parseAddress(bob.address))).balanceNano;
  for (let i = 0; i < 50 && await balance() === 0n; i++) await new Promise(resolve => setTimeout(resolve, 50));
  assert.equal(await balance(), 250_000_000n);

  const { balanceNano } = await client.account(parseAddress(alice.address));
  await assert.rejects(send('--name', 'alice', '--to', bob.address, '--amount-nano', balanceNano.toString()), /landed but sent nothing: the wallet holds too little/);
  await assert.rejects(send('--name', 'alice', '--to', 'nowhere', '--amount-nano', '1'), /neither raw/);
  await assert.rejects(send('--name', 'carol', '--to', bob.address, '--amount-nano', '1'), /carol.key/);
  await assert.rejects(run('tools/wallet.js', 'create', ...keys, '--name', '../x'), /letters, digits/);
});
