import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { test, TestContext } from 'node:test';
import { Cell } from '@ton/core';
import { KeyPair, keyPairFromSeed } from '@ton/crypto';
import { TON } from '../distribution/bench.js';
import { deploy } from '../deploy/deploy.js';
import { faucet } from '../deploy/localFaucet.js';
import { launchChain, temporaryFolder } from '../localnet/launch.js';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { walletOf } from '../wrappers/operatorWallet.js';
import { registerBody, REGISTRATION_FEES_NANO } from '../wrappers/participantRegistry.js';
import { sendAndWait, waitUntil } from '../wrappers/sendAndWait.js';
import { cancelWithdrawalBody, completeWithdrawalBody, requestWithdrawalBody, topUpBody, TOP_UP_FEES_NANO } from '../wrappers/stakeAccount.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { Pool } from './bench.js';

const keysOf = (name: string) => keyPairFromSeed(createHash('sha256').update(name).digest());
const alice = keysOf('alice');
const mallory = keysOf('mallory');

interface Movement {
  readonly lt: string;
  readonly kind: string;
  readonly amount_nano: string;
  readonly slash_id: string | null;
}

/** A pool whose withdrawals wait a second. */
async function quickPool(t: TestContext): Promise<Pool> {
  const folder = temporaryFolder(t);
  const chain = await launchChain(t, join(folder, 'chain'));
  const state = join(folder, 'state');
  const pool = Pool.around(chain.url, state, await deploy(chain.url, state, () => {}, { withdrawalDelaySeconds: 1 }));
  await pool.startGateway(t);
  for (const keys of [alice, mallory]) await faucet(pool.chainUrl, walletOf(keys.publicKey).address, 300n * TON);
  return pool;
}

test('every movement of a stake is told once, and together they are the stake', { timeout: 120_000 }, async t => {
  const pool = await quickPool(t);
  const participant = rawAddress(walletOf(alice.publicKey).address);
  const read = async (afterLt = '0', limit = 100) => (await pool.get(`/v1/stakes/${participant}/movements?after_lt=${afterLt}&limit=${limit}`)).body;
  const send = async (to: string, valueNano: bigint, body: Cell, keys: KeyPair = alice) => {
    const before = (await read()).read_to_lt;
    await sendAndWait(new Toncenter(pool.chainUrl), keys, { to: parseAddress(to), valueNano, body, bounce: true });
    await waitUntil('the stake account\'s transaction', async () => (await read()).read_to_lt !== before, 20);
  };
  const command = async (name: string, fields: object) => {
    const { boc, hash } = (await pool.post(`/v1/sign/${name}`, { participant, ...fields, ...await pool.validity() })).body;
    await pool.post('/v1/broadcast', { boc });
    await waitUntil(name, async () => (await pool.get(`/v1/messages/${hash}`)).body.state === 'done', 20);
  };
  const complete = () => command('complete-withdrawal', {});
  const slash = () => command('slash', { slash_id: '18446744073709551615', amount_nano: (7n * TON + 1n).toString() });

  assert.deepEqual((await read()).movements, []);
  await send(pool.deployment.registry, 100n * TON + REGISTRATION_FEES_NANO, registerBody());
  const account = (await read()).address as string;
  await send(account, 5n * TON + TOP_UP_FEES_NANO, topUpBody());
  await send(account, 5n * TON, topUpBody(), mallory);
  await send(account, TON / 10n, requestWithdrawalBody(30n * TON));
  await send(account, TON / 10n, cancelWithdrawalBody());
  await send(account, TON / 10n, requestWithdrawalBody(20n * TON));
  await waitUntil('the delay', async () => (await read()).chain_time > (await read()).unlocks_at, 20);
  await complete();
  await send(account, TON / 10n, completeWithdrawalBody());
  await slash();
  await slash();

  const { movements, is_all: isAll, stake_nano: stake, read_to_lt: readTo } = await read();
  assert.equal(isAll, true);
  assert.deepEqual(movements.map((m: Movement) => [m.kind, BigInt(m.amount_nano), m.slash_id]), [
    ['deposited', 100n * TON, null], ['deposited', 5n * TON, null],
    ['withdrawal_requested', 30n * TON, null], ['withdrawal_cancelled', 0n, null],
    ['withdrawal_requested', 20n * TON, null], ['withdrawn', 20n * TON, null],
    ['slashed', 7n * TON + 1n, '18446744073709551615'],
  ], 'neither a stranger\'s top-up, nor what the account refused, nor a slash that was executed before');
  const change = (m: Movement) => m.kind === 'deposited' ? BigInt(m.amount_nano) : m.kind === 'withdrawn' || m.kind === 'slashed' ? -BigInt(m.amount_nano) : 0n;
  assert.equal(movements.reduce((sum: bigint, m: Movement) => sum + change(m), 0n).toString(), stake);

  const paged: Movement[] = [];
  for (let after = '0', all = false; !all;) {
    const page = await read(after, 2);
    paged.push(...page.movements);
    ({ read_to_lt: after, is_all: all } = page);
  }
  assert.deepEqual(paged, movements, 'pages that were cut');
  assert.deepEqual((await read(readTo)).movements, []);
});

test('the messages of a participant do what they are named for', { timeout: 120_000 }, async t => {
  const pool = await quickPool(t);
  const wallet = walletOf(alice.publicKey).address;
  const prepared = async (amountNano?: bigint) => (await pool.get(`/v1/stakes/${rawAddress(wallet)}/messages${amountNano === undefined ? '' : `?amount_nano=${amountNano}`}`)).body;
  const send = async (action: string, amountNano?: bigint) => {
    const { to, value_nano, body_boc } = (await prepared(amountNano)).messages.find((m: { action: string }) => m.action === action);
    await sendAndWait(new Toncenter(pool.chainUrl), alice, { to: parseAddress(to), valueNano: BigInt(value_nano), body: Cell.fromBase64(body_boc), bounce: true });
  };
  const stake = async () => (await pool.get(`/v1/stakes/${rawAddress(wallet)}`)).body;
  const before = await prepared();
  assert.deepEqual([before.registry, before.registered, before.amount_nano, before.messages.map((m: { action: string }) => m.action)], [pool.deployment.registry, false, '1000000000', ['register']]);

  await send('register', 100n * TON);
  await waitUntil('the registration', async () => (await stake()).stake_nano === (100n * TON).toString(), 20);
  await send('top_up', 7n);
  await waitUntil('the top-up', async () => (await stake()).stake_nano === (100n * TON + 7n).toString(), 20);
  await send('request_withdrawal', 40n * TON);
  await waitUntil('the request', async () => (await stake()).withdrawal_nano === (40n * TON).toString(), 20);
  await send('cancel_withdrawal');
  await waitUntil('the cancellation', async () => (await stake()).withdrawal_nano === '0', 20);
  await send('request_withdrawal', 40n * TON);
  await waitUntil('the end of the delay', async () => { const now = await stake(); return now.unlocks_at > 0 && now.chain_time >= now.unlocks_at; }, 20);
  await send('complete_withdrawal');
  await waitUntil('the withdrawal', async () => (await stake()).stake_nano === (60n * TON + 7n).toString(), 20);
});
