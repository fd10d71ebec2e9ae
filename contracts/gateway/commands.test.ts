import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { Cell } from '@ton/core';
import { KeyPair, keyPairFromSeed } from '@ton/crypto';
import { payouts, TON } from '../distribution/bench.js';
import { faucet } from '../deploy/localFaucet.js';
import { launch } from '../localnet/launch.js';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { Leaf, proofOf, rootOf } from '../wrappers/epochTree.js';
import { walletOf } from '../wrappers/operatorWallet.js';
import { registerBody, REGISTRATION_FEES_NANO } from '../wrappers/participantRegistry.js';
import { parameterKey } from '../wrappers/poolOperator.js';
import { sendAndWait, waitUntil } from '../wrappers/sendAndWait.js';
import { requestWithdrawalBody } from '../wrappers/stakeAccount.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { cocoonPayoutBody } from '../wrappers/workerVault.js';
import { Pool, TOKEN } from './bench.js';

const alice = keyPairFromSeed(createHash('sha256').update('alice').digest());
const aliceWallet = walletOf(alice.publicKey).address;

/** Signs, broadcasts and waits for the end of a command. */
async function command(pool: Pool, name: string, body: object) {
  const signed = await pool.post(`/v1/sign/${name}`, { ...body, ...await pool.validity() });
  assert.equal(signed.status, 200, JSON.stringify(signed.body));
  await pool.post('/v1/broadcast', { boc: signed.body.boc });
  let outcome = { state: '', exit_code: 0 };
  await waitUntil(`the end of ${name}`, async () => {
    outcome = (await pool.get(`/v1/messages/${signed.body.hash}`)).body;
    return ['done', 'refused', 'not_sent'].includes(outcome.state);
  }, 20);
  return outcome;
}

async function sendAs(pool: Pool, keys: KeyPair, to: string, valueNano: bigint, body: Cell) {
  await sendAndWait(new Toncenter(pool.chainUrl), keys, { to: parseAddress(to), valueNano, body, bounce: true });
}

test('a stake from registration to slash, through the gateway and the chain', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  await faucet(pool.chainUrl, aliceWallet, 200n * TON);
  const stake = async () => (await pool.get(`/v1/stakes/${rawAddress(aliceWallet)}`)).body;
  assert.deepEqual([(await stake()).registered, (await stake()).stake_nano], [false, '0']);
  await sendAs(pool, alice, pool.deployment.registry, 100n * TON + REGISTRATION_FEES_NANO, registerBody());
  await waitUntil('the stake', async () => (await stake()).registered, 20);
  assert.equal((await stake()).stake_nano, (100n * TON).toString());
  await sendAs(pool, alice, (await stake()).address, TON / 10n, requestWithdrawalBody(100n * TON));
  await waitUntil('the request', async () => (await stake()).withdrawal_nano !== '0', 20);

  const slash = { slash_id: '7', participant: rawAddress(aliceWallet), amount_nano: (40n * TON).toString() };
  assert.equal((await command(pool, 'slash', slash)).state, 'done');
  await waitUntil('the slash', async () => (await stake()).stake_nano === (60n * TON).toString(), 20);
  assert.deepEqual([(await stake()).withdrawal_nano, (await stake()).slashes], [(60n * TON).toString(), [{ slash_id: '7', amount_nano: (40n * TON).toString() }]]);

  const other = await pool.post('/v1/sign/slash', { ...slash, amount_nano: '1', ...await pool.validity() });
  assert.deepEqual([other.status, other.body.error.code], [409, 'list_conflict']);
  assert.match(other.body.error.message, /^content_conflict: slash\/7 /);
  const most = await pool.post('/v1/sign/slash', { ...slash, slash_id: '8', amount_nano: (10_000n * TON).toString(), ...await pool.validity() });
  assert.match(most.body.error.message, /^max_slash_nano_per_day: /);
  const refused = await command(pool, 'slash', { ...slash, slash_id: '9', amount_nano: (61n * TON).toString() });
  assert.deepEqual([refused.state, refused.exit_code], ['refused', 434], 'what the stake account refused is told');

  assert.equal((await command(pool, 'suspend', { participant: rawAddress(aliceWallet), until: (await stake()).chain_time + 1_000 })).state, 'done');
  await waitUntil('the suspension', async () => (await stake()).suspended_until > 0, 20);
  assert.equal((await command(pool, 'commit-contributions', { day: 20_500, root: 'ab'.repeat(32) })).state, 'done');
  assert.equal((await pool.get('/v1/registry')).body.commitment.root, 'ab'.repeat(32));
  const secondRoot = await pool.post('/v1/sign/commit-contributions', { day: 20_500, root: 'cd'.repeat(32), ...await pool.validity() });
  assert.equal(secondRoot.status, 409);
});

test('parameters wait for the timelock, pausing does not, and the deployment is what was recorded', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  const verification = (await pool.get('/v1/verify/deployment')).body;
  assert.equal(verification.ok, true, JSON.stringify(verification));
  assert.equal((await command(pool, 'propose-parameter', { id: 0, name: 'pool.fee_per_mille', value: '40' })).state, 'done');
  const early = await command(pool, 'apply-proposal', { id: 0 });
  assert.equal(early.exit_code, 425);
  const state = async () => (await pool.get('/v1/pool-operator')).body;
  const { not_before: notBefore } = (await state()).proposals[0];
  await waitUntil('the timelock', async () => (await state()).chain_time > notBefore, 30);
  assert.equal((await command(pool, 'apply-proposal', { id: 0 })).state, 'done');
  assert.equal((await state()).parameters[parameterKey('pool.fee_per_mille').toString('hex')], '40');

  assert.equal((await command(pool, 'pause', {})).state, 'done');
  await waitUntil('the pause', async () => (await pool.get('/v1/distribution')).body.paused, 20);
  await waitUntil('the pause of the registry', async () => (await pool.get('/v1/registry')).body.paused, 20);
});

test('a vault\'s payouts arrive as revenue with worker and query id; its wallet\'s coins can only come home', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  const worker = createHash('sha256').update('a worker').digest('hex');
  assert.equal((await command(pool, 'deploy-vault', { worker })).state, 'done');
  const vault = (await pool.get(`/v1/vaults/${worker}`)).body;
  assert.equal(vault.deployed, true);
  await faucet(pool.chainUrl, aliceWallet, 10n * TON);
  await sendAs(pool, alice, vault.address, 2n * TON, cocoonPayoutBody(4_242n));
  const vaults = async () => (await pool.get(`/v1/accounts/${pool.deployment.distribution}/incoming`)).body.payments.filter((p: { worker: string | null }) => p.worker !== null);
  await waitUntil('the payout', async () => (await vaults()).some((p: { cocoon_payout: boolean }) => p.cocoon_payout), 20);
  const payment = (await vaults()).find((p: { cocoon_payout: boolean }) => p.cocoon_payout);
  assert.deepEqual([payment.from, payment.vault_proven, payment.worker, payment.query_id, payment.paid_by], [vault.address, true, worker, '4242', rawAddress(aliceWallet)]);

  const theft = { worker, wallet: rawAddress(payouts(1)[0]!.to), amount_nano: TON.toString(), ...await pool.validity() };
  const refused = await pool.post('/v1/sign/withdraw-from-cocoon-wallet', theft);
  assert.equal(refused.status, 403);
  assert.match(refused.body.error.message, /^destination: /);
});

test('a claim is prepared with its proof, sent by the participant and paid; fees follow', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  await pool.fund(20n * TON);
  await faucet(pool.chainUrl, aliceWallet, TON);
  const leaves: Leaf[] = [0, 1, 2].map(index => ({ index, address: index === 2 ? aliceWallet : payouts(3)[index]!.to, amountNano: BigInt(index + 1) * TON }));
  const open = { epoch: 5, total_nano: (6n * TON).toString(), fee_nano: TON.toString(), count: 3, claim_from: 2, merkle_root: rootOf(5, leaves).toString('hex'), bundle_hash: '0'.repeat(64) };
  assert.equal((await command(pool, 'open-epoch', open)).state, 'done');
  const otherTotal = await pool.post('/v1/sign/open-epoch', { ...open, total_nano: '1', ...await pool.validity() });
  assert.equal(otherTotal.status, 409);

  const claim = (index: number) => pool.post('/v1/claims', {
    epoch: 5, index, address: rawAddress(leaves[index]!.address), amount_nano: leaves[index]!.amountNano.toString(),
    path: proofOf(5, leaves, index).map(step => ({ hash: step.hash.toString('hex'), side: step.side })),
  });
  const prepared = (await claim(2)).body;
  assert.equal(prepared.payable, true);
  assert.match((await claim(1)).body.reason, /paid by push/);
  assert.equal((await command(pool, 'release-claims', { epoch: 5, indexes: [1] })).state, 'done');
  assert.equal((await claim(1)).body.payable, true);
  await sendAs(pool, alice, prepared.to, BigInt(prepared.value_nano), Cell.fromBase64(prepared.body));
  await waitUntil('the claim', async () => (await pool.epoch(5)).claimed.includes(2), 20);
  const [found] = (await pool.epoch(5)).claims;
  assert.equal(found.index, 2);
  assert.match(found.tx_hash, /^[0-9a-f]{64}$/);
  assert.match((await claim(2)).body.reason, /claimed before/);
  assert.equal((await pool.epoch(5)).paid_nano, (3n * TON).toString());

  assert.equal((await pool.get('/v1/distribution')).body.fees_earned_nano, (TON / 2n).toString());
  assert.equal((await command(pool, 'withdraw-fees', { amount_nano: (TON / 2n).toString() })).state, 'done');
  assert.equal((await command(pool, 'withdraw-fees', { amount_nano: '1' })).exit_code, 403);
  assert.equal((await command(pool, 'prune-epochs', { below: 6 })).exit_code, 417);
});

test('the key comes from a file or the environment, and no log shows it', { timeout: 60_000 }, async t => {
  const pool = await Pool.start(t);
  const seed = '07'.repeat(32);
  const start = (environment: Record<string, string>) => launch('gateway/main.js', ['--port', '0', '--state', pool.stateFolder, '--endpoint', pool.chainUrl], { GATEWAY_TOKEN: TOKEN, ...environment });
  await assert.rejects(start({ GATEWAY_SIGNER_KEY: seed }), /ended with 1/, 'a key of another wallet is refused');
  await assert.rejects(start({ GATEWAY_SIGNER_KEY: 'short' }), /ended with 1/);
  const named = await start({ GATEWAY_SIGNER_KEY_FILE: join(pool.stateFolder, 'signer.key') });
  t.after(() => named.stop('SIGKILL'));
  pool.gatewayUrl = named.url;
  const answers = JSON.stringify(await Promise.all(['/health', '/v1/signer', '/v1/policy', '/v1/pool-operator'].map(path => pool.get(path))));
  assert.doesNotMatch(answers, new RegExp(seed));
});
