import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payouts, TON } from '../distribution/bench.js';
import { rawAddress } from '../wrappers/address.js';
import { totalOf } from '../wrappers/payoutList.js';
import { signerKeyFile } from '../deploy/deployment.js';
import { readKey } from '../wrappers/keys.js';
import { sendAndWait, waitUntil } from '../wrappers/sendAndWait.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { batchRequest, Pool } from './bench.js';

test('sign, broadcast, and the state shows the batch with its list hash, transaction and fees', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  const list = payouts(7, i => BigInt(i + 1) * 1_000_000n);
  await pool.fund(5n * TON);
  await pool.openEpoch(1, totalOf(list) + TON, 1_000n);
  const request = batchRequest(1, 0, list);
  const signer = (await pool.get('/v1/signer')).body;
  const signed = (await pool.post('/v1/sign/pay-batch', { ...request, ...await pool.validity() })).body;
  assert.equal((await pool.epoch(1)).batches.length, 0, 'signing sends nothing');

  const sent = await pool.post('/v1/broadcast', { boc: signed.boc });
  assert.deepEqual(sent.body, { accepted: true, hash: signed.hash });
  await waitUntil('the batch', async () => (await pool.epoch(1)).batches.length === 1, 20);
  await pool.rest();
  const epoch = await pool.epoch(1);
  assert.equal(epoch.paid_nano, totalOf(list).toString());
  assert.equal(epoch.total_nano, (totalOf(list) + TON).toString());
  assert.equal(epoch.merkle_root, '11'.repeat(32));
  const [batch] = epoch.batches;
  assert.deepEqual([batch.index, batch.list_hash, batch.amount_nano], [0, request.list_hash, totalOf(list).toString()]);
  assert.match(batch.tx_hash, /^[0-9a-f]{64}$/);
  const incoming = (await pool.get(`/v1/accounts/${rawAddress(list[2]!.to)}/incoming`)).body.payments;
  assert.equal(incoming.length, 1);
  assert.equal(incoming[0].amount_nano, list[2]!.amountNano.toString());
  assert.equal(incoming[0].from, pool.deployment.distribution);
  const account = (await pool.get(`/v1/accounts/${rawAddress(list[2]!.to)}`)).body;
  assert.deepEqual([account.state, account.balance_nano], ['uninitialized', list[2]!.amountNano.toString()]);

  await t.test('the same bytes again are harmless', async () => {
    const again = await pool.post('/v1/broadcast', { boc: signed.boc });
    assert.equal(again.status, 200);
    assert.equal(again.body.accepted, false);
    assert.match(again.body.reason, /cannot apply external message/);
    assert.equal((await pool.epoch(1)).paid_nano, totalOf(list).toString());
  });

  await t.test('the fees that are reported are what the operator lost, but for receiving the rest of the value', async () => {
    await waitUntil('the excess', async () => (await pool.get(`/v1/accounts/${signer.address}/incoming`)).body.payments.length >= 3, 20);
    await pool.rest();
    const after = (await pool.get('/v1/signer')).body;
    const lost = BigInt(signer.balance_nano) - BigInt(after.balance_nano);
    const receiving = lost - BigInt(batch.fee_nano);
    assert.ok(receiving > 0n && receiving < 200_000n, `${receiving} nanoTON for receiving the excess`);
  });

  await t.test('a signature for a batch that is done changes nothing: the contract refuses it', async () => {
    const twice = (await pool.post('/v1/sign/pay-batch', { ...request, ...await pool.validity() })).body;
    const { seqno } = (await pool.get('/v1/signer')).body;
    await pool.post('/v1/broadcast', { boc: twice.boc });
    await waitUntil('the wallet moves on', async () => (await pool.get('/v1/signer')).body.seqno === seqno + 1, 20);
    await waitUntil('the refusal', async () => (await pool.get(`/v1/messages/${twice.hash}`)).body.state === 'refused', 20);
    const outcome = (await pool.get(`/v1/messages/${twice.hash}`)).body;
    assert.equal(outcome.exit_code, 409);
    assert.match(outcome.reason, /paid before/);
    assert.match(outcome.contract_tx_hash, /^[0-9a-f]{64}$/);
    const paid = (await pool.get(`/v1/messages/${signed.hash}`)).body;
    assert.deepEqual([paid.state, paid.exit_code, paid.contract_tx_hash], ['done', 0, batch.tx_hash]);
    assert.equal((await pool.get(`/v1/messages/${'0'.repeat(64)}`)).body.state, 'not_landed');
    assert.equal((await pool.epoch(1)).paid_nano, totalOf(list).toString());
    assert.equal((await pool.get(`/v1/accounts/${rawAddress(list[2]!.to)}`)).body.balance_nano, list[2]!.amountNano.toString());
  });

  await t.test('revenue is listed, commands and what they return are not', async () => {
    const { payments } = (await pool.get(`/v1/accounts/${pool.deployment.distribution}/incoming`)).body;
    assert.deepEqual(payments.map((p: { amount_nano: string }) => p.amount_nano), ['500000000', (5n * TON).toString()]);
    const later = (await pool.get(`/v1/accounts/${pool.deployment.distribution}/incoming?after_lt=${payments[0].lt}&limit=1`)).body.payments;
    assert.equal(later.length, 1);
    assert.equal(later[0].lt, payments[1].lt);
    assert.equal(later[0].aborted, false);
  });

  await t.test('the distribution knows what it owes', async () => {
    const { body } = await pool.get('/v1/distribution');
    assert.equal(body.reserved_nano, (TON + 1_000n).toString());
    assert.equal(body.address, pool.deployment.distribution);
    assert.equal(BigInt(body.fees_earned_nano), 1_000n * totalOf(list) / (totalOf(list) + TON));
  });
});

test('a message that is not broadcast before its deadline never lands, and then another one may', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  await pool.fund(5n * TON);
  await pool.openEpoch(1, TON);
  const request = batchRequest(1, 0, payouts(3, () => 1_000n));
  const soon = await pool.validity(1);
  const expired = (await pool.post('/v1/sign/pay-batch', { ...request, ...soon })).body;
  await waitUntil('the chain passes the deadline', async () => (await pool.get('/v1/signer')).body.chain_time >= soon.valid_until, 20);
  assert.equal((await pool.post('/v1/broadcast', { boc: expired.boc })).body.accepted, false);
  assert.equal((await pool.get('/v1/signer')).body.seqno, soon.seqno);

  const fresh = (await pool.post('/v1/sign/pay-batch', { ...request, ...await pool.validity() })).body;
  assert.equal((await pool.post('/v1/broadcast', { boc: fresh.boc })).body.accepted, true);
  await waitUntil('the batch', async () => (await pool.epoch(1)).batches.length === 1, 20);
  assert.equal((await pool.post('/v1/broadcast', { boc: expired.boc })).body.accepted, false);
});

test('when the contract or the wallet cannot pay, the outcome says why', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  const outcome = async (path: string, body: object) => {
    const signed = (await pool.post(path, { ...body, ...await pool.validity() })).body;
    await pool.post('/v1/broadcast', { boc: signed.boc });
    await waitUntil('the end of the message', async () =>
      ['done', 'refused', 'not_sent'].includes((await pool.get(`/v1/messages/${signed.hash}`)).body.state), 20);
    return (await pool.get(`/v1/messages/${signed.hash}`)).body;
  };
  const open = { epoch: 1, total_nano: (50n * TON).toString(), fee_nano: '0', count: 1, merkle_root: '0'.repeat(64), bundle_hash: '0'.repeat(64) };
  const underfunded = await outcome('/v1/sign/open-epoch', open);
  assert.deepEqual([underfunded.state, underfunded.exit_code], ['refused', 402]);
  assert.match(underfunded.reason, /add revenue/);
  assert.match((await outcome('/v1/sign/pay-batch', batchRequest(1, 0, payouts(1)))).reason, /^404: the epoch is not open/);

  // The operator's wallet is emptied by its own key, as a careless operator would; what the refusals return is there by then.
  await pool.rest();
  const keys = readKey(signerKeyFile(pool.stateFolder));
  const { balance_nano: balance } = (await pool.get('/v1/signer')).body;
  await sendAndWait(new Toncenter(pool.chainUrl), keys, { to: payouts(1)[0]!.to, valueNano: BigInt(balance) - TON / 100n, body: null, bounce: false });
  const poor = await outcome('/v1/sign/open-epoch', open);
  assert.deepEqual([poor.state, poor.exit_code], ['not_sent', 37]);
  assert.match(poor.reason, /holds too little .* fund it/);
});

test('250 payouts in one batch, through a chain that doubles every message, pay each once', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  await pool.fund(5n * TON);
  const list = payouts(250, i => 1_000_000n + BigInt(i));
  await pool.openEpoch(9, totalOf(list));
  await pool.faults({ duplicate: 1, seed: 5 });
  const signed = (await pool.post('/v1/sign/pay-batch', { ...batchRequest(9, 41, list), ...await pool.validity() })).body;
  await pool.post('/v1/broadcast', { boc: signed.boc });
  await pool.post('/v1/broadcast', { boc: signed.boc });
  await waitUntil('the batch', async () => (await pool.epoch(9)).batches.length === 1, 30);
  const last = list[249]!;
  await pool.rest();
  for (const { to, amountNano } of [list[0]!, list[100]!, last])
    assert.equal((await pool.get(`/v1/accounts/${rawAddress(to)}`)).body.balance_nano, amountNano.toString());
  const [batch] = (await pool.epoch(9)).batches;
  assert.equal(batch.index, 41);
  assert.ok(BigInt(batch.fee_nano) / 250n < 230_000n, `${batch.fee_nano} nanoTON for 250 payouts`);
});
