import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Address } from '@ton/core';
import { getSecureRandomBytes, keyPairFromSeed } from '@ton/crypto';
import { faucet } from '../deploy/localFaucet.js';
import { signTransfer, walletOf, walletSeqno } from '../wrappers/operatorWallet.js';
import { waitUntil } from '../wrappers/sendAndWait.js';
import { ChainSaidNo, Toncenter } from '../wrappers/toncenter.js';
import { rawAddress } from '../wrappers/address.js';
import { Chain } from './chain.js';
import { Emulator } from './emulator.js';
import { Faults } from './faults.js';
import { launchChain, temporaryFolder } from './launch.js';
import { checkExternalMessage } from './messageChecks.js';

const TON = 1_000_000_000n;
const to = new Address(0, Buffer.alloc(32, 3));

test('faults act on messages from outside, as configured', { timeout: 60_000 }, async t => {
  const chain = await launchChain(t, temporaryFolder(t));
  const client = new Toncenter(chain.url);
  const keys = keyPairFromSeed(await getSecureRandomBytes(32));
  const wallet = walletOf(keys.publicKey).address;
  await faucet(chain.url, wallet, 10n * TON);
  const faults = async (settings: object) => (await fetch(`${chain.url}/dev/faults`, { method: 'POST', body: JSON.stringify(settings) })).status;
  const stats = async () => (await fetch(`${chain.url}/dev/stats`)).json() as Promise<{ seqno: number; mempool: number; time: number; faults_struck: object }>;
  const send = (seqno: number, validUntil: number) =>
    client.send(signTransfer(keys, { to, valueNano: 1_000n, body: null, bounce: false }, seqno, validUntil).boc);
  const later = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
  const seqno = async () => {
    const { data } = await client.account(wallet);
    return data === null ? 0 : walletSeqno(data);
  };

  await t.test('dropped: taken, never seen again', async () => {
    await faults({ drop: 1 });
    await send(0, later(60));
    assert.equal((await stats()).mempool, 0);
    assert.deepEqual((await stats()).faults_struck, { dropped: 1, delayed: 0, duplicated: 0, expired: 0 });
    const { seqno: start } = await stats();
    await waitUntil('two more blocks', async () => (await stats()).seqno >= start + 2);
    assert.equal(await seqno(), 0);
  });

  await t.test('doubled: lands once, because the wallet counts', async () => {
    await faults({ duplicate: 1 });
    await send(0, later(60));
    await waitUntil('the transfer', async () => await seqno() === 1);
    await waitUntil('the second copy is gone', async () => (await stats()).mempool === 0);
    assert.equal((await client.account(to)).balanceNano, 1_000n);
    const balances = await fetch(`${chain.url}/dev/balances`, { method: 'POST', body: JSON.stringify({ addresses: [to.toRawString(), new Address(0, Buffer.alloc(32, 99)).toRawString()] }) });
    assert.deepEqual((await balances.json() as { balances_nano: string[] }).balances_nano, ['1000', '0']);
    assert.deepEqual((await stats()).faults_struck, { dropped: 0, delayed: 0, duplicated: 1, expired: 0 });
  });

  await t.test('delayed past its deadline: never lands', async () => {
    await faults({ delay_blocks: 3 });
    const deadline = later(1) + 1;
    await send(1, deadline);
    await waitUntil('the chain passes the deadline', async () => (await stats()).time > deadline && (await stats()).mempool === 0);
    assert.equal(await seqno(), 1);
    await assert.rejects(send(1, deadline), ChainSaidNo);
  });

  await t.test('expired: held back until its deadline has passed, and then refused', async () => {
    await faults({ expire: 1 });
    const deadline = later(2);
    await send(1, deadline);
    assert.equal((await stats()).mempool, 1);
    await waitUntil('the message is tried and gone', async () => (await stats()).mempool === 0);
    assert.ok((await stats()).time >= deadline);
    assert.equal(await seqno(), 1);
    await faults({});
  });

  await t.test('underfunded: the account has less, and keeps its code and its number', async () => {
    const dev = (path: string, body: object) => fetch(`${chain.url}/dev/${path}`, { method: 'POST', body: JSON.stringify(body) });
    const { balanceNano } = await client.account(wallet);
    const taken = await dev('underfund', { address: wallet.toRawString(), leave_nano: '1000000' });
    assert.deepEqual([taken.status, (await client.account(wallet)).balanceNano, await seqno()], [200, 1_000_000n, 1]);
    assert.equal((await dev('underfund', { address: wallet.toRawString(), leave_nano: balanceNano.toString() })).status, 422);
    assert.equal((await dev('underfund', { address: wallet.toRawString(), leave_nano: '-1' })).status, 422);
    await faucet(chain.url, wallet, balanceNano);
  });

  assert.equal(await faults({ drop: 2 }), 422);
  assert.equal(await faults({ explode: true }), 422);
});

test('paused: no block, no time; resumed: everything goes on', { timeout: 60_000 }, async t => {
  let clock = 1_800_000_000;
  const emulator = await Emulator.start();
  t.after(() => emulator.stop());
  const chain = new Chain(temporaryFolder(t), emulator, () => clock);
  const keys = keyPairFromSeed(await getSecureRandomBytes(32));
  const wallet = walletOf(keys.publicKey).address;
  const funded = chain.faucet(wallet, 10n * TON);
  await chain.tick();
  await funded;

  chain.faults.configure({ pause: true });
  const { seqno, time } = chain;
  await chain.send(checkExternalMessage(signTransfer(keys, { to, valueNano: 1_000n, body: null, bounce: false }, 0, clock + 60).boc));
  for (let second = 0; second < 3; second++, clock++) await chain.tick();
  assert.deepEqual([chain.seqno, chain.time, chain.mempoolSize], [seqno, time, 1]);

  chain.faults.configure({});
  await chain.tick();
  assert.equal(walletSeqno(chain.accounts.view(rawAddress(wallet)).data!), 1);
  assert.equal(chain.time, clock);
  await chain.stop();
});

test('the same seed makes the same faults', () => {
  const run = (seed: number) => {
    const faults = new Faults();
    faults.configure({ drop: 0.3, duplicate: 0.3, delay_blocks: 1, seed });
    return Array.from({ length: 50 }, () => faults.copies().length).join('');
  };
  assert.equal(run(7), run(7));
  assert.notEqual(run(7), run(8));
  assert.match(run(7), /0/);
  assert.match(run(7), /2/);
});
