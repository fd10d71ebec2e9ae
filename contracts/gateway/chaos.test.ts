import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { test, TestContext } from 'node:test';
import { payouts, TON } from '../distribution/bench.js';
import { deploy } from '../deploy/deploy.js';
import { launch, launchChain, Launched, temporaryFolder } from '../localnet/launch.js';
import { rawAddress } from '../wrappers/address.js';
import { Payout, totalOf } from '../wrappers/payoutList.js';
import { waitUntil } from '../wrappers/sendAndWait.js';
import { batchRequest, Pool } from './bench.js';

const BATCHES = 5;
const VALIDITY_SECONDS = 2;
const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));

/** The settlement protocol in its shortest form: what is signed is kept until it landed or can never land. */
async function settle(pool: Pool, epoch: number, index: number, list: readonly Payout[]): Promise<number> {
  const request = batchRequest(epoch, index, list);
  for (let signatures = 1; ; signatures++) {
    const validity = await patiently(() => pool.validity(VALIDITY_SECONDS));
    const { boc } = (await patiently(() => pool.post('/v1/sign/pay-batch', { ...request, ...validity }))).body;
    for (;;) {
      await patiently(() => pool.post('/v1/broadcast', { boc }));
      await pause(100);
      // The wallet first: if it has not moved at a time past the deadline, the message can never land any more.
      const wallet = (await patiently(() => pool.get('/v1/signer'))).body;
      if (await done(pool, epoch, index, request.list_hash)) return signatures;
      if (wallet.seqno === validity.seqno && wallet.chain_time >= validity.valid_until) break;
    }
  }
}

async function done(pool: Pool, epoch: number, index: number, hash: string): Promise<boolean> {
  const { batches } = (await patiently(() => pool.get(`/v1/distribution/epochs/${epoch}`))).body;
  const batch = batches.find((b: { index: number }) => b.index === index);
  if (batch) assert.equal(batch.list_hash, hash);
  return batch !== undefined;
}

/** Asks again while the gateway or the chain behind it is down. */
async function patiently<T extends { status?: number; seqno?: number }>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const answer = await ask();
      if (answer.status !== 502 && !('seqno' in answer && answer.seqno === undefined)) return answer;
    } catch (error) {
      if (!/fetch failed|not JSON|terminated/.test((error as Error).message)) throw error;
    }
    await pause(50);
  }
}

/** Kills chain and gateway in turn and starts them again where they were. */
async function killAround(t: TestContext, pool: Pool, folder: string, processes: { chain: Launched; gateway: Launched }, running: () => boolean): Promise<void> {
  const portOf = (url: string) => new URL(url).port;
  for (let turn = 0; running(); turn++) {
    await pause(1_000 + randomInt(1_500));
    if (turn % 2 === 0) {
      await processes.chain.stop('SIGKILL');
      processes.chain = await launch('localnet/main.js', ['--port', portOf(processes.chain.url), '--state', folder, '--block-ms', '40']);
      await pool.faults({ drop: 0.85, expire: 0.4, duplicate: 0.4, delay_blocks: randomInt(2), seed: randomInt(1_000) });
    } else {
      await processes.gateway.stop('SIGKILL');
      processes.gateway = await pool.startGateway(t);
    }
  }
}

test('with messages lost, doubled, late and expired, and chain and gateway killed, everybody is paid exactly once', { timeout: 240_000 }, async t => {
  const root = temporaryFolder(t);
  const folder = join(root, 'chain');
  const processes = { chain: await launchChain(t, folder), gateway: null as unknown as Launched };
  t.after(() => processes.chain.stop('SIGKILL'));
  const state = join(root, 'state');
  const pool = Pool.around(processes.chain.url, state, await deploy(processes.chain.url, state, () => {}));
  processes.gateway = await pool.startGateway(t);
  const lists = Array.from({ length: BATCHES }, (_, b) => payouts(6, i => BigInt(1 + b * 6 + i) * 1_000_000n, b * 6));
  const total = lists.reduce((sum, list) => sum + totalOf(list), 0n);
  await pool.fund(total + TON);
  await pool.openEpoch(1, total);
  await pool.faults({ drop: 0.85, expire: 0.4, duplicate: 0.4, delay_blocks: 1, seed: 11 });

  let running = true;
  const chaos = killAround(t, pool, folder, processes, () => running);
  const signatures: number[] = [];
  for (const [index, list] of lists.entries()) signatures.push(await settle(pool, 1, index, list));
  running = false;
  await chaos;
  console.log(`signatures per batch: ${signatures.join(', ')}`);

  const epoch = (await patiently(() => pool.get('/v1/distribution/epochs/1'))).body;
  assert.equal(epoch.paid_nano, total.toString());
  for (const { to, amountNano } of lists.flat())
    await waitUntil('the payout', async () => (await pool.get(`/v1/accounts/${rawAddress(to)}`)).body.balance_nano === amountNano.toString(), 20);
  assert.equal((await pool.get('/v1/distribution')).body.reserved_nano, '0');
});
