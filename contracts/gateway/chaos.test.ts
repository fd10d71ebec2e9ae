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

/** Kills chain and gateway in turn, each in the middle of some call of the settlement, and starts them again where they were. */
class Chaos {
  private calls = 0;
  private turn = 0;
  private nextKill = randomInt(5, 15);
  private recovery: Promise<void> = Promise.resolve();
  over = false;

  constructor(private readonly t: TestContext, private readonly pool: Pool, private readonly folder: string,
    private readonly processes: { chain: Launched; gateway: Launched }) {}

  get kills(): number {
    return this.turn;
  }

  /** Asks again while the gateway or the chain behind it is down. */
  async patiently<T extends { status?: number; seqno?: number }>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const asked = ask();
        if (++this.calls >= this.nextKill && !this.over) this.kill();
        const answer = await asked;
        if (answer.status !== 502 && !('seqno' in answer && answer.seqno === undefined)) return answer;
      } catch (error) {
        if (!/fetch failed|not JSON|terminated/.test((error as Error).message)) throw error;
      }
      await this.recovery;
    }
  }

  /** The chain's next block, or its death: either way there may be something new to see. */
  async nextBlock(): Promise<void> {
    await this.recovery;
    try {
      const { seqno } = await (await fetch(`${this.pool.chainUrl}/dev/stats`)).json() as { seqno: number };
      await fetch(`${this.pool.chainUrl}/dev/block?after=${seqno}`);
    } catch {
      await this.recovery;
    }
  }

  async end(): Promise<void> {
    this.over = true;
    await this.recovery;
  }

  private kill(): void {
    this.nextKill = Number.POSITIVE_INFINITY;
    this.recovery = (this.turn++ % 2 === 0 ? this.killChain() : this.killGateway()).then(() => {
      this.nextKill = this.calls + randomInt(5, 40);
    });
  }

  private async killChain(): Promise<void> {
    const { port } = new URL(this.processes.chain.url);
    await this.processes.chain.stop('SIGKILL');
    this.processes.chain = await launch('localnet/main.js', ['--port', port, '--state', this.folder, '--block-ms', '40']);
    await this.pool.faults({ drop: 0.85, expire: 0.4, duplicate: 0.4, delay_blocks: randomInt(2), seed: randomInt(1_000) });
  }

  private async killGateway(): Promise<void> {
    await this.processes.gateway.stop('SIGKILL');
    this.processes.gateway = await this.pool.startGateway(this.t);
  }
}

/** The settlement protocol in its shortest form: what is signed is kept until it landed or can never land. */
async function settle(pool: Pool, chaos: Chaos, epoch: number, index: number, list: readonly Payout[]): Promise<number> {
  const request = batchRequest(epoch, index, list);
  for (let signatures = 1; ; signatures++) {
    const validity = await chaos.patiently(() => pool.validity(VALIDITY_SECONDS));
    const { boc } = (await chaos.patiently(() => pool.post('/v1/sign/pay-batch', { ...request, ...validity }))).body;
    for (;;) {
      await chaos.patiently(() => pool.post('/v1/broadcast', { boc }));
      await chaos.nextBlock();
      // The wallet first: if it has not moved at a time past the deadline, the message can never land any more.
      const wallet = (await chaos.patiently(() => pool.get('/v1/signer'))).body;
      if (await done(pool, chaos, epoch, index, request.list_hash)) return signatures;
      if (wallet.seqno === validity.seqno && wallet.chain_time >= validity.valid_until) break;
    }
  }
}

async function done(pool: Pool, chaos: Chaos, epoch: number, index: number, hash: string): Promise<boolean> {
  const { batches } = (await chaos.patiently(() => pool.get(`/v1/distribution/epochs/${epoch}`))).body;
  const batch = batches.find((b: { index: number }) => b.index === index);
  if (batch) assert.equal(batch.list_hash, hash);
  return batch !== undefined;
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

  const chaos = new Chaos(t, pool, folder, processes);
  const signatures: number[] = [];
  for (const [index, list] of lists.entries()) signatures.push(await settle(pool, chaos, 1, index, list));
  await chaos.end();
  console.log(`signatures per batch: ${signatures.join(', ')}; ${chaos.kills} kills`);
  assert.ok(chaos.kills >= 2, 'chain and gateway were killed');

  const epoch = (await chaos.patiently(() => pool.get('/v1/distribution/epochs/1'))).body;
  assert.equal(epoch.paid_nano, total.toString());
  for (const { to, amountNano } of lists.flat())
    await waitUntil('the payout', async () => (await pool.get(`/v1/accounts/${rawAddress(to)}`)).body.balance_nano === amountNano.toString(), 20);
  assert.equal((await pool.get('/v1/distribution')).body.reserved_nano, '0');
});
