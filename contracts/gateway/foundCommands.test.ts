import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Address, Cell } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { payouts, TON } from '../distribution/bench.js';
import { faucet } from '../deploy/localFaucet.js';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { Leaf, proofOf, rootOf } from '../wrappers/epochTree.js';
import { walletOf } from '../wrappers/operatorWallet.js';
import { totalOf } from '../wrappers/payoutList.js';
import { sendAndWait, waitUntil } from '../wrappers/sendAndWait.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { temporaryFolder } from '../localnet/launch.js';
import { batchRequest, Pool } from './bench.js';
import { FoundCommands } from './foundCommands.js';
import { PaymentTransactions } from './paymentTransactions.js';

const alice = keyPairFromSeed(createHash('sha256').update('alice').digest());

/** Remembers from where histories were read. */
class Watched extends Toncenter {
  readonly readFrom: bigint[] = [];

  override transactions(address: Address, afterLt = 0n, pageSize = 100) {
    this.readFrom.push(afterLt);
    return super.transactions(address, afterLt, pageSize);
  }
}

test('what was found is kept over restarts, costs the same whoever found it, and is found again when the file is gone', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  const folder = temporaryFolder(t);
  const contract = parseAddress(pool.deployment.distribution);
  const chain = new Watched(pool.chainUrl);
  const restarted = () => new PaymentTransactions(chain, contract, new FoundCommands({ folder, contract }));
  const list = payouts(3, () => 1_000_000n);
  await pool.fund(5n * TON);
  await pool.openEpoch(1, 3n * totalOf(list));
  const pay = async (batch: number) => {
    const signed = (await pool.post('/v1/sign/pay-batch', { ...batchRequest(1, batch, list), ...await pool.validity() })).body;
    await pool.post('/v1/broadcast', { boc: signed.boc });
    await waitUntil('the batch', async () => (await pool.epoch(1)).batches.some((b: { index: number; tx_hash: string | null }) => b.index === batch && b.tx_hash !== null), 20);
  };
  await pay(0);
  const first = await restarted().find(1, true, [0], []);
  assert.ok(first.opening!.feeNano > 300_000n, `opening an epoch costs ${first.opening!.feeNano}`);

  chain.readFrom.length = 0;
  assert.deepEqual(await restarted().find(1, true, [0], []), first);
  assert.deepEqual(chain.readFrom, [], 'all of it was known');

  await pay(1);
  const later = await restarted().find(1, true, [0, 1], []);
  assert.ok(chain.readFrom.length > 0 && chain.readFrom.every(lt => lt > 0n), 'only what is new was read');
  const fromTheBeginning = await new PaymentTransactions(new Toncenter(pool.chainUrl), contract).find(1, true, [0, 1], []);
  assert.deepEqual(later, fromTheBeginning);
  const told = await pool.epoch(1);
  assert.deepEqual(told.opening, { tx_hash: first.opening!.txHash, fee_nano: first.opening!.feeNano.toString() });

  const file = join(folder, 'found-commands.jsonl');
  for (const damage of [readFileSync(file, 'utf8') + '{"command":["1/', '{"of":"another contract"}\n{"read":["distribution","99999999999999"]}\n', '']) {
    writeFileSync(file, damage);
    assert.deepEqual(await restarted().find(1, true, [0, 1], []), fromTheBeginning);
  }
});

test('a forgotten epoch still tells its claims, for whoever has not booked them yet', { timeout: 120_000 }, async t => {
  const pool = await Pool.start(t);
  const owner = walletOf(alice.publicKey).address;
  await faucet(pool.chainUrl, owner, 5n * TON);
  await pool.fund(5n * TON);
  const leaves: Leaf[] = [{ index: 0, address: owner, amountNano: TON }];
  const send = async (name: string, body: object) => {
    const signed = (await pool.post(`/v1/sign/${name}`, { ...body, ...await pool.validity() })).body;
    assert.equal((await pool.post('/v1/broadcast', { boc: signed.boc })).body.accepted, true);
  };
  await send('open-epoch', { epoch: 1, total_nano: TON.toString(), fee_nano: '0', count: 1, claim_from: 0, merkle_root: rootOf(1, leaves).toString('hex'), bundle_hash: '22'.repeat(32) });
  await waitUntil('the epoch', async () => (await pool.epoch(1)).opened, 20);
  const path = proofOf(1, leaves, 0).map(step => ({ hash: step.hash.toString('hex'), side: step.side }));
  const claim = (await pool.post('/v1/claims', { epoch: 1, index: 0, address: rawAddress(owner), amount_nano: TON.toString(), path })).body;
  await sendAndWait(new Toncenter(pool.chainUrl), alice, { to: parseAddress(claim.to), valueNano: BigInt(claim.value_nano), body: Cell.fromBase64(claim.body), bounce: true });
  await waitUntil('the claim', async () => (await pool.epoch(1)).claims[0]?.tx_hash, 20);
  const { claims } = await pool.epoch(1);

  await send('prune-epochs', { below: 2 });
  await waitUntil('the pruning', async () => (await pool.epoch(1)).pruned, 20);
  const forgotten = await pool.epoch(1);
  assert.deepEqual([forgotten.opened, forgotten.claims], [false, claims]);
});
