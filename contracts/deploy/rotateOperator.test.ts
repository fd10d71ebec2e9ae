import assert from 'node:assert/strict';
import { existsSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import { payouts, TON } from '../distribution/bench.js';
import { batchRequest, Pool } from '../gateway/bench.js';
import { totalOf } from '../wrappers/payoutList.js';
import { waitUntil } from '../wrappers/sendAndWait.js';
import { nextSignerKeyFile, previousSignerKeyFile, readDeployment, signerKeyFile } from './deployment.js';
import { rotateOperator } from './rotateOperator.js';

test('the signing wallet changes in the middle of an epoch: the old one is refused, the new one pays, nobody is paid twice', { timeout: 180_000 }, async t => {
  const pool = await Pool.start(t);
  const lists = [payouts(3, () => 1_000n), payouts(3, () => 2_000n, 3)];
  await pool.fund(5n * TON);
  await pool.openEpoch(1, lists.reduce((sum, list) => sum + totalOf(list), 0n));
  const sign = async (batch: number, seconds = 60) => (await pool.post('/v1/sign/pay-batch', { ...batchRequest(1, batch, lists[batch]!), ...await pool.validity(seconds) })).body;
  const paid = async (batch: number) => (await pool.epoch(1)).batches.some((b: { index: number; tx_hash: string | null }) => b.index === batch && b.tx_hash !== null);
  await pool.post('/v1/broadcast', { boc: (await sign(0)).boc });
  await waitUntil('the first batch', () => paid(0), 20);

  const rotate = (begin = false) => rotateOperator(pool.chainUrl, pool.stateFolder, () => {}, begin);
  assert.equal((await rotate()).state, 'up_to_date', 'nothing begins by itself');
  const waiting = await rotate(true);
  assert.equal(waiting.state, 'waiting');
  assert.deepEqual(await rotate(), waiting, 'a second run changes nothing while it waits');
  assert.equal((await pool.get('/v1/distribution')).body.operator, pool.deployment.operator_wallet, 'the old wallet signs until then');
  await waitUntil('the timelock', async () => (await pool.get('/v1/signer')).body.chain_time >= (waiting.state === 'waiting' ? waiting.not_before : 0), 30);
  const orphan = await sign(1);
  assert.equal((await rotate()).state, 'rotated');
  assert.equal((await rotate()).state, 'up_to_date');
  const { operator_wallet: operator } = readDeployment(pool.stateFolder);
  assert.equal(operator, waiting.operator);
  assert.ok(existsSync(previousSignerKeyFile(pool.stateFolder)));

  // The old gateway still runs: what its wallet sends, the contract refuses.
  assert.equal((await pool.get('/v1/distribution')).body.operator, operator);
  await pool.post('/v1/broadcast', { boc: orphan.boc });
  await waitUntil('the refusal', async () => (await pool.get(`/v1/messages/${orphan.hash}`)).body.state === 'refused', 20);
  assert.equal((await pool.get(`/v1/messages/${orphan.hash}`)).body.exit_code, 401);

  await pool.startGateway(t);
  const signer = (await pool.get('/v1/signer')).body;
  assert.deepEqual([signer.address, signer.seqno], [operator, 0]);
  await pool.post('/v1/broadcast', { boc: (await sign(1)).boc });
  await waitUntil('the second batch', () => paid(1), 20);
  const epoch = await pool.epoch(1);
  assert.equal(epoch.paid_nano, epoch.total_nano);
  assert.ok(epoch.batches.every((b: { fee_nano: string }) => BigInt(b.fee_nano) > 0n), 'also what the old wallet paid has its transaction and fee');
});

test('a rotation that dies between its two files is finished by the next run', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  const rotate = (begin = false) => rotateOperator(pool.chainUrl, pool.stateFolder, () => {}, begin);
  const waiting = await rotate(true);
  await waitUntil('the timelock', async () => (await pool.get('/v1/signer')).body.chain_time >= (waiting.state === 'waiting' ? waiting.not_before : 0), 30);
  renameSync(signerKeyFile(pool.stateFolder), previousSignerKeyFile(pool.stateFolder));
  assert.equal((await rotate()).state, 'rotated');
  assert.ok(existsSync(signerKeyFile(pool.stateFolder)) && !existsSync(nextSignerKeyFile(pool.stateFolder)));
  assert.equal(readDeployment(pool.stateFolder).operator_wallet, waiting.operator);
});
