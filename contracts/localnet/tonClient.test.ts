import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Address, beginCell, internal, SendMode, toNano } from '@ton/core';
import { getSecureRandomBytes, keyPairFromSeed } from '@ton/crypto';
import { TonClient, WalletContractV5R1 } from '@ton/ton';
import { faucet } from '../deploy/localFaucet.js';
import { distributionStateInit, RewardDistribution } from '../wrappers/rewardDistribution.js';
import { signTransfer } from '../wrappers/operatorWallet.js';
import { waitUntil } from '../wrappers/sendAndWait.js';
import { launchChain, temporaryFolder } from './launch.js';

/** The official client, pointed at the local chain and told nothing else. */
const clientOf = (url: string) => new TonClient({ endpoint: `${url}/api/v2/jsonRPC` });
const newKeys = async () => keyPairFromSeed(await getSecureRandomBytes(32));
const receiver = (n: number) => new Address(0, Buffer.alloc(32, n));

test('the official TonClient sends, reads and runs get methods; kill -9 loses nothing that was committed', { timeout: 60_000 }, async t => {
  const folder = temporaryFolder(t);
  let chain = await launchChain(t, folder);
  let client = clientOf(chain.url);
  const keys = await newKeys();
  const wallet = WalletContractV5R1.create({ workchain: 0, publicKey: keys.publicKey });
  assert.equal((await client.getContractState(wallet.address)).state, 'uninitialized');
  await faucet(chain.url, wallet.address, toNano('10'));
  assert.equal(await client.getBalance(wallet.address), toNano('10'));

  await client.open(wallet).sendTransfer({
    seqno: 0, secretKey: keys.secretKey, sendMode: SendMode.PAY_GAS_SEPARATELY | SendMode.IGNORE_ERRORS,
    messages: [internal({ to: receiver(5), value: '1.5', bounce: false, body: 'hello' })],
  });
  await waitUntil('the transfer', async () => await client.getBalance(receiver(5)) > 0n);
  assert.equal(await client.getBalance(receiver(5)), toNano('1.5'));
  assert.equal(await client.open(wallet).getSeqno(), 1);

  const distribution = RewardDistribution.create(wallet.address, receiver(9));
  await client.open(wallet).sendTransfer({
    seqno: 1, secretKey: keys.secretKey, sendMode: SendMode.PAY_GAS_SEPARATELY | SendMode.IGNORE_ERRORS,
    messages: [internal({ to: distribution.address, value: '2', bounce: false, init: distributionStateInit(wallet.address, receiver(9)) })],
  });
  await waitUntil('the deployment', () => client.isContractDeployed(distribution.address));
  const state = await client.open(distribution).getDistribution();
  assert.equal(Address.parse(state.operator).equals(wallet.address), true);
  assert.equal((await client.open(distribution).getEpoch(3)).opened, false);
  const missing = await client.runMethodWithError(distribution.address, 'no_such_method');
  assert.equal(missing.exit_code, 11);

  const { latestSeqno } = await client.getMasterchainInfo();
  const before = await observe(client, wallet.address, distribution.address);
  assert.equal(before.transactions.length, 3);
  assert.equal(await chain.stop('SIGKILL'), null);
  // What a crash in the middle of a write leaves behind.
  appendFileSync(join(folder, 'blocks.jsonl'), '{"kind":"transaction","account":"0:00');

  chain = await launchChain(t, folder);
  client = clientOf(chain.url);
  assert.deepEqual(await observe(client, wallet.address, distribution.address), before);
  assert.ok((await client.getMasterchainInfo()).latestSeqno >= latestSeqno);
  await client.open(wallet).sendTransfer({
    seqno: 2, secretKey: keys.secretKey, sendMode: SendMode.PAY_GAS_SEPARATELY | SendMode.IGNORE_ERRORS,
    messages: [internal({ to: receiver(6), value: '0.25', bounce: false })],
  });
  await waitUntil('a transfer after the restart', async () => await client.getBalance(receiver(6)) === toNano('0.25'));
  assert.equal(await chain.stop('SIGTERM'), 0);
});

async function observe(client: TonClient, wallet: Address, distribution: Address) {
  const history = await client.getTransactions(wallet, { limit: 10 });
  return {
    transactions: history.map(transaction => transaction.hash().toString('hex')),
    balances: await Promise.all([wallet, distribution, receiver(5)].map(a => client.getBalance(a))),
    walletState: (await client.getContractState(wallet)).lastTransaction,
  };
}

test('history is paged by lt and hash as the official client does it', { timeout: 60_000 }, async t => {
  const chain = await launchChain(t, temporaryFolder(t));
  const client = clientOf(chain.url);
  for (let i = 1; i <= 5; i++) await faucet(chain.url, receiver(1), BigInt(i));
  const all = await client.getTransactions(receiver(1), { limit: 10 });
  assert.deepEqual(all.map(tx => tx.inMessage?.info.type === 'internal' && tx.inMessage.info.value.coins), [5n, 4n, 3n, 2n, 1n]);
  const [, second] = all;
  const rest = await client.getTransactions(receiver(1), { limit: 2, lt: second!.lt.toString(), hash: second!.hash().toString('base64') });
  assert.deepEqual(rest.map(tx => tx.lt), [all[2]!.lt, all[3]!.lt]);
  const until = await client.getTransactions(receiver(1), { limit: 10, to_lt: all[3]!.lt.toString() });
  assert.equal(until.length, 3);
  const one = await client.getTransaction(receiver(1), second!.lt.toString(), second!.hash().toString('base64'));
  assert.equal(one?.lt, second!.lt);
});

test('REST answers as toncenter does, and every mistake says what to do', { timeout: 60_000 }, async t => {
  const chain = await launchChain(t, temporaryFolder(t));
  const keys = await newKeys();
  const wallet = WalletContractV5R1.create({ workchain: 0, publicKey: keys.publicKey });
  await faucet(chain.url, wallet.address, toNano('1'));
  const get = async (path: string) => (await fetch(`${chain.url}/api/v2/${path}`)).json() as Promise<{ ok: boolean; result: never; error: string; code: number }>;
  const post = async (path: string, body: string) => {
    const response = await fetch(`${chain.url}/${path}`, { method: 'POST', body });
    return { status: response.status, body: await response.json() as { ok?: boolean; error?: string; result?: never } };
  };
  const address = wallet.address.toString();
  assert.equal((await get(`getAddressBalance?address=${address}`)).result, toNano('1').toString());
  assert.equal((await get(`getAddressState?address=${address}`)).result, 'uninitialized');
  assert.equal((await get(`getWalletInformation?address=${address}`)).result['wallet'], false);

  const signed = signTransfer(keys, { to: receiver(9), valueNano: 1n, body: null, bounce: false }, 0, Math.floor(Date.now() / 1000) + 60);
  const sent = await post('api/v2/sendBocReturnHash', JSON.stringify({ boc: signed.boc.toString('base64') }));
  assert.equal(Buffer.from(sent.body.result!['hash'], 'base64').toString('hex'), signed.hash);
  await waitUntil('the transfer', async () => (await get(`getAddressBalance?address=${receiver(9)}`)).result === '1');
  assert.deepEqual([(await get(`getWalletInformation?address=${address}`)).result['wallet'], (await get(`getWalletInformation?address=${address}`)).result['seqno']], [true, 1]);
  assert.equal((await get(`getExtendedAddressInformation?address=${address}`)).result['@type'], 'fullAccountState');

  // The same message again: its seqno is used.
  const again = await post('api/v2/sendBoc', JSON.stringify({ boc: signed.boc.toString('base64') }));
  assert.equal(again.status, 500);
  assert.match(again.body.error!, /cannot apply external message to current state .*exit code 133/);
  assert.match((await get('getAddressBalance?address=nonsense')).error, /neither raw/);
  assert.match((await get('getAddressBalance')).error, /"address" is missing/);
  assert.match((await post('api/v2/sendBoc', '{"boc":"AAAA"}')).body.error!, /not a bag of cells/);
  assert.match((await post('api/v2/sendBoc', 'not json')).body.error!, /not JSON/);
  assert.match((await get('getNothing')).error, /use getMasterchainInfo/);

  let deep = beginCell().endCell();
  for (let i = 0; i < 600; i++) deep = beginCell().storeRef(deep).endCell();
  assert.match((await post('api/v2/sendBoc', JSON.stringify({ boc: deep.toBoc().toString('base64') }))).body.error!, /600 cells deep, the limit is 512/);
  const big = Buffer.alloc(66_000).toString('base64');
  assert.match((await post('api/v2/sendBoc', JSON.stringify({ boc: big }))).body.error!, /66000 bytes, the limit is 65535/);
});
