import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../localnet/launch.js';
import { payouts, TON } from '../distribution/bench.js';
import { batchRequest, Pool } from './bench.js';
import { readPolicyOptions } from './policyOptions.js';
import { SignedBatches } from './signedBatches.js';

test('the policy refuses, explains and counts; and remembers lists over a crash', { timeout: 60_000 }, async t => {
  const limits = { GATEWAY_MAX_NANO_PER_EPOCH: (5n * TON).toString(), GATEWAY_MAX_NANO_PER_DAY: (8n * TON).toString() };
  const pool = await Pool.start(t, limits);
  const sign = async (epoch: number, batch: number, ton: bigint, from = 0) =>
    pool.post('/v1/sign/pay-batch', { ...batchRequest(epoch, batch, payouts(1, () => ton * TON, from)), ...await pool.validity() });

  assert.equal((await sign(1, 0, 3n)).status, 200);
  assert.equal((await sign(1, 0, 3n)).status, 200, 'the same list may be signed again, once the first signature expired');
  const conflict = await sign(1, 0, 3n, 1);
  assert.deepEqual([conflict.status, conflict.body.error.code], [409, 'list_conflict']);
  assert.match(conflict.body.error.message, /another list for it is never signed/);

  const epochLimit = await sign(1, 1, 3n);
  assert.deepEqual([epochLimit.status, epochLimit.body.error.code], [403, 'policy_refused']);
  assert.match(epochLimit.body.error.message, /^max_nano_per_epoch: epoch 1 would reach 6000000000 nanoTON, the limit is 5000000000/);
  assert.equal((await sign(2, 0, 5n)).status, 200);
  assert.match((await sign(3, 0, 1n)).body.error.message, /^max_nano_per_day: /);

  const far = { ...batchRequest(1, 0, payouts(1, () => 3n * TON)), ...await pool.validity(1_000_000) };
  assert.match((await pool.post('/v1/sign/pay-batch', far)).body.error.message, /^max_validity_seconds: /);
  const open = { epoch: 4, total_nano: (5n * TON).toString(), fee_nano: '1', count: 1, merkle_root: '0'.repeat(64), bundle_hash: '0'.repeat(64), ...await pool.validity() };
  assert.match((await pool.post('/v1/sign/open-epoch', open)).body.error.message, /^max_nano_per_epoch: /);
  const { signed, refused } = (await pool.get('/v1/policy')).body;
  assert.deepEqual({ signed, refused }, {
    signed: 3, refused: { list_conflict: 1, max_nano_per_epoch: 2, max_nano_per_day: 1, max_validity_seconds: 1 },
  });

  const first = pool.gatewayUrl;
  const restarted = await pool.startGateway(t, limits);
  assert.notEqual(pool.gatewayUrl, first);
  assert.equal((await sign(1, 0, 3n, 1)).status, 409);
  await restarted.stop('SIGKILL');
  appendFileSync(join(pool.stateFolder, 'signed-batches.jsonl'), '{"epoch":1,"bat');
  await pool.startGateway(t, limits);
  assert.equal((await sign(1, 0, 3n, 1)).status, 409);
  assert.equal((await sign(1, 0, 3n)).status, 200);
});

test('a torn last line is cut off, a damaged one stops the start', t => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'signed-batches.jsonl');
  const record = { epoch: 1, batch: 2, list_hash: 'ab'.repeat(32), amount_nano: '5', day: '2026-08-31' };
  const first = new SignedBatches(folder);
  first.add(record);
  first.close();
  appendFileSync(path, '{"torn');
  const second = new SignedBatches(folder);
  assert.deepEqual(second.find(1, 2), record);
  assert.ok(readFileSync(path, 'utf8').endsWith('}\n'));
  second.add({ ...record, batch: 3 });
  second.close();
  writeFileSync(path, 'damaged\n' + readFileSync(path, 'utf8'));
  assert.throws(() => new SignedBatches(folder), /line 1 is damaged/);
});

test('a wrong policy file names every mistake', t => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'policy.json'), '{"max_nano_per_day": "0", "max_nano_per_week": "1"}');
  assert.throws(() => readPolicyOptions(folder, { GATEWAY_MAX_NANO_PER_EPOCH: 'much' }), (error: Error) =>
    /unknown key "max_nano_per_week"/.test(error.message) && /max_nano_per_day .* above zero/.test(error.message) && /max_nano_per_epoch .* above zero/.test(error.message));
});
