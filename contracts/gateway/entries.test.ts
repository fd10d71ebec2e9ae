import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payouts, TON } from '../distribution/bench.js';
import { waitUntil } from '../wrappers/sendAndWait.js';
import { totalOf } from '../wrappers/payoutList.js';
import { batchRequest, Pool } from './bench.js';

const open = (epoch: number, totalNano: bigint, count: number, claimFrom: number) => ({
  epoch, total_nano: totalNano.toString(), fee_nano: '0', count, claim_from: claimFrom, merkle_root: '11'.repeat(32), bundle_hash: '22'.repeat(32),
});

/** Signs a request with a validity of its own; the answer of the gateway. */
async function sign(pool: Pool, command: string, request: object, seconds = 60) {
  return pool.post(`/v1/sign/${command}`, { ...request, ...await pool.validity(seconds) });
}

test('an entry leaves the contract in one way: in one batch, or by a claim', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  const list = payouts(2);
  assert.equal((await sign(pool, 'open-epoch', open(1, TON, 20, 10))).status, 200);
  assert.equal((await sign(pool, 'pay-batch', batchRequest(1, 0, list, 0))).status, 200);
  assert.equal((await sign(pool, 'release-claims', { epoch: 1, indexes: [5] })).status, 200);

  const refusals: [string, string, object, RegExp][] = [
    ['in another batch', 'pay-batch', batchRequest(1, 1, payouts(2, () => 5n), 1), /signed for batch 0 .* does not prove/],
    ['in the same batch under other indexes', 'pay-batch', batchRequest(1, 0, list, 3), /signed for other entries/],
    ['released after it was signed for a batch', 'release-claims', { epoch: 1, indexes: [7, 1] }, /signed for batch 0/],
    ['sent after it was released', 'pay-batch', batchRequest(1, 2, list, 4), /entry 5 .* claimed by its owner/],
    ['sent although the tree leaves it to be claimed', 'pay-batch', batchRequest(1, 3, list, 9), /entry 10 .* claimed by its owner/],
  ];
  const refuse = async (name: string, command: string, request: object, message: RegExp) => {
    const { status, body } = await sign(pool, command, request);
    assert.deepEqual([status, body.error?.code], [409, 'entry_conflict'], name);
    assert.match(body.error.message, message);
  };
  for (const [name, command, request, message] of refusals) await t.test(name, () => refuse(name, command, request, message));

  await t.test('a restarted gateway remembers all of it', async () => {
    await pool.startGateway(t);
    for (const [name, command, request, message] of refusals) await refuse(name, command, request, message);
    assert.equal((await sign(pool, 'pay-batch', batchRequest(1, 0, list, 0))).status, 200);
    assert.equal((await sign(pool, 'release-claims', { epoch: 1, indexes: [5, 6] })).status, 200);
  });
});

test('entries of a batch that the chain refused, or that expired, may be signed anew; their batch never again', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  const list = payouts(4, () => 1_000n);
  const [refused, expired] = [batchRequest(1, 0, list.slice(0, 2), 0), batchRequest(1, 1, list.slice(2), 2)];
  const first = (await sign(pool, 'pay-batch', refused)).body;
  assert.equal((await sign(pool, 'pay-batch', batchRequest(1, 2, list.slice(0, 1), 0))).status, 409, 'it may land still');
  await pool.post('/v1/broadcast', { boc: first.boc });
  await waitUntil('the refusal of an epoch that is not open', async () => (await pool.get(`/v1/messages/${first.hash}`)).body.state === 'refused', 20);
  const soon = await pool.validity(1);
  assert.equal((await pool.post('/v1/sign/pay-batch', { ...expired, ...soon })).status, 200);
  await waitUntil('the deadline', async () => (await pool.get('/v1/signer')).body.chain_time > soon.valid_until, 20);

  const anew = batchRequest(1, 2, [list[0]!, list[2]!], 0);
  anew.entries[1]!.index = 2;
  assert.equal((await sign(pool, 'pay-batch', anew)).status, 200);
  for (const old of [refused, expired]) {
    const { status, body } = await sign(pool, 'pay-batch', old);
    assert.equal(status, 409);
    assert.match(body.error.message, /was given up for others/);
  }
  assert.equal((await sign(pool, 'release-claims', { epoch: 1, indexes: [1, 3] })).status, 200, 'what is left of them may be claimed');
});

test('a batch that was paid keeps its entries, whatever became of its other signatures', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  const list = payouts(2, () => 1_000n);
  await pool.fund(5n * TON);
  await pool.openEpoch(1, TON);
  const paid = (await sign(pool, 'pay-batch', batchRequest(1, 0, list))).body;
  await pool.post('/v1/broadcast', { boc: paid.boc });
  await waitUntil('the batch', async () => (await pool.epoch(1)).paid_nano === totalOf(list).toString(), 20);
  const again = (await sign(pool, 'pay-batch', batchRequest(1, 0, list))).body;
  await pool.post('/v1/broadcast', { boc: again.boc });
  await waitUntil('the refusal', async () => (await pool.get(`/v1/messages/${again.hash}`)).body.state === 'refused', 20);
  assert.equal((await sign(pool, 'pay-batch', batchRequest(1, 1, list, 0))).status, 409);
  assert.equal((await sign(pool, 'release-claims', { epoch: 1, indexes: [0] })).status, 409);
});

test('of two lists for one batch one is signed, however many ask at once and of however many gateways', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  const validity = await pool.validity();
  const race = (urls: readonly string[], batch: number) => Promise.all(Array.from({ length: 40 }, async (_, i) => {
    const request = batchRequest(1, batch, payouts(1, () => BigInt(1 + i % 4)));
    const response = await fetch(`${urls[i % urls.length]}/v1/sign/pay-batch`, {
      method: 'POST', headers: { authorization: 'Bearer a token for tests only', 'content-type': 'application/json' }, body: JSON.stringify({ ...request, ...validity }),
    });
    return { status: response.status, list: request.list_hash };
  }));
  const alone = await race([pool.gatewayUrl], 0);
  assert.equal(new Set(alone.filter(a => a.status === 200).map(a => a.list)).size, 1);

  const first = pool.gatewayUrl;
  await pool.startGateway(t);
  for (let batch = 1; batch < 10; batch++) {
    const both = await race([first, pool.gatewayUrl], batch);
    assert.ok(new Set(both.filter(a => a.status === 200).map(a => a.list)).size <= 1, 'two gateways on one memory never sign two lists');
  }
});
