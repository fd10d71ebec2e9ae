import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payouts, TON } from '../distribution/bench.js';
import { launch } from '../localnet/launch.js';
import { batchRequest, Pool } from './bench.js';

test('tokens, bodies and paths: each mistake has its status and says what to do', { timeout: 60_000 }, async t => {
  const pool = await Pool.start(t);
  const batch = { ...batchRequest(1, 0, payouts(2)), seqno: 1, valid_until: 1_000 };
  const open = { epoch: 1, total_nano: '1', fee_nano: '0', count: 1, merkle_root: '0'.repeat(64), bundle_hash: '0'.repeat(64), seqno: 1, valid_until: 1_000 };

  await t.test('no token or a wrong one is 401 everywhere', async () => {
    for (const path of ['/health', '/v1/signer', '/v1/policy', '/v1/nothing']) {
      assert.equal((await fetch(pool.gatewayUrl + path)).status, 401);
      assert.equal((await pool.get(path, 'wrong token')).body.error.code, 'unauthorized');
    }
    assert.equal((await pool.post('/v1/sign/pay-batch', batch, 'wrong token')).status, 401);
  });

  const badBatches: [string, object | string, RegExp][] = [
    ['not JSON', '{', /not JSON/],
    ['a list', [], /JSON object/],
    ['no entries', { ...batch, entries: undefined }, /"entries" must be a list/],
    ['empty entries', { ...batch, entries: [] }, /at least one payout/],
    ['251 entries', { ...batch, entries: Array.from({ length: 251 }, (_, index) => ({ ...batch.entries[0], index })) }, /at most 250/],
    ['a bad address', { ...batch, entries: [{ address: '0:12', amount_nano: '1' }] }, /not raw/],
    ['no index', { ...batch, entries: [{ ...batch.entries[0], index: undefined }] }, /"index" must be a whole number/],
    ['an index twice', { ...batch, entries: [batch.entries[0], batch.entries[0]] }, /same "index"/],
    ['a zero amount', { ...batch, entries: [{ ...batch.entries[0], amount_nano: '0' }] }, /of entry 0 above 0/],
    ['an amount as number', { ...batch, entries: [{ ...batch.entries[0], amount_nano: 5 }] }, /decimal string/],
    ['an amount of 2^64', { ...batch, entries: [{ ...batch.entries[0], amount_nano: (1n << 64n).toString() }] }, /below 2\^64/],
    ['another list hash', { ...batch, list_hash: 'ab'.repeat(32) }, /the entries pack to/],
    ['a batch of 65536', { ...batch, batch: 65_536 }, /"batch" must be a whole number from 0 to 65535/],
    ['a negative seqno', { ...batch, seqno: -1 }, /"seqno"/],
    ['no deadline', { ...batch, valid_until: undefined }, /"valid_until"/],
  ];
  for (const [name, body, message] of badBatches) {
    await t.test(`pay-batch with ${name} is 400`, async () => {
      const { status, body: answer } = await pool.post('/v1/sign/pay-batch', body);
      assert.deepEqual([status, answer.error.code], [400, 'invalid_request']);
      assert.match(answer.error.message, message);
    });
  }

  await t.test('entries that are never paid are named, so that the others can go without them', async () => {
    const entries = [batch.entries[0], { address: `-1:${'1'.repeat(64)}`, amount_nano: '1', index: 7 }, { address: pool.deployment.distribution, amount_nano: '1', index: 8 }];
    const { status, body } = await pool.post('/v1/sign/pay-batch', { ...batch, entries });
    assert.deepEqual([status, body.error.code], [422, 'entry_refused']);
    assert.deepEqual(body.error.entries.map((e: { position: number }) => e.position), [1, 2]);
    assert.match(body.error.message, /entry 1: .* outside the basechain.*; entry 2: .* a contract of the pool/);
  });

  await t.test('open-epoch and broadcast refuse what they cannot read', async () => {
    assert.match((await pool.post('/v1/sign/open-epoch', { ...open, merkle_root: 'AB' })).body.error.message, /"merkle_root" must be 64 lower-case hex/);
    assert.match((await pool.post('/v1/sign/open-epoch', { ...open, total_nano: '-1' })).body.error.message, /"total_nano"/);
    assert.match((await pool.post('/v1/broadcast', { boc: '?' })).body.error.message, /base64/);
    assert.match((await pool.post('/v1/broadcast', { boc: 'AAAA' })).body.error.message, /not a bag of cells/);
    const empty = 'te6cckEBAQEAAgAAAEysuc0=';
    assert.match((await pool.post('/v1/broadcast', { boc: empty })).body.error.message, /not a message/);
  });

  await t.test('paths and queries', async () => {
    assert.equal((await pool.get('/v1/nothing')).status, 404);
    assert.equal((await pool.get('/v1/accounts/nonsense')).status, 400);
    assert.equal((await pool.get('/v1/distribution/epochs/x')).status, 400);
    assert.equal((await pool.get(`/v1/accounts/${pool.deployment.distribution}/incoming?limit=5000`)).status, 400);
    const unknown = (await pool.get('/v1/distribution/epochs/77')).body;
    assert.deepEqual([unknown.opened, unknown.total_nano, unknown.count, unknown.batches], [false, '0', 0, []]);
    const health = (await pool.get('/health')).body;
    assert.equal(health.ok, true);
    assert.equal(health.network, 'local');
    assert.equal(health.signer.address, pool.deployment.operator_wallet);
    assert.ok(BigInt(health.signer.balance_nano) > 90n * TON);
  });
});

test('without a chain every read is 502 and signing still works, for it asks the chain nothing', { timeout: 60_000 }, async t => {
  const pool = await Pool.start(t);
  const validity = await pool.validity();
  const lonely = await launch('gateway/main.js', ['--port', '0', '--state', pool.stateFolder, '--endpoint', 'http://127.0.0.1:9'], { GATEWAY_TOKEN: 'a token for tests only' });
  t.after(() => lonely.stop('SIGKILL'));
  pool.gatewayUrl = lonely.url;
  for (const path of ['/health', '/v1/signer', '/v1/distribution', '/v1/distribution/epochs/1']) {
    const { status, body } = await pool.get(path);
    assert.deepEqual([status, body.error.code], [502, 'chain_unreachable']);
  }
  const signed = await pool.post('/v1/sign/pay-batch', { ...batchRequest(1, 0, payouts(1)), ...validity });
  assert.equal(signed.status, 200);
  assert.equal((await pool.post('/v1/broadcast', { boc: signed.body.boc })).status, 502);
});
