import { join } from 'node:path';
import { TestContext } from 'node:test';
import { deploy } from '../deploy/deploy.js';
import { Deployment } from '../deploy/deployment.js';
import { faucet } from '../deploy/localFaucet.js';
import { launch, launchChain, temporaryFolder } from '../localnet/launch.js';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { listHash, packPayoutList, Payout } from '../wrappers/payoutList.js';
import { waitUntil } from '../wrappers/sendAndWait.js';

export const TOKEN = 'a token for tests only';

export interface Answer {
  readonly status: number;
  // Tests look into answers of every shape, so their fields are not typed.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** A chain, a deployment on it and a gateway, all as processes, and the calls of a settlement grain. */
export class Pool {
  private constructor(readonly chainUrl: string, readonly stateFolder: string, readonly deployment: Deployment, public gatewayUrl: string) {}

  static async start(test: TestContext, environment: Record<string, string> = {}): Promise<Pool> {
    const folder = temporaryFolder(test);
    const state = join(folder, 'state');
    const chain = await launchChain(test, join(folder, 'chain'));
    const deployment = await deploy(chain.url, state, () => {});
    const pool = new Pool(chain.url, state, deployment, '');
    await pool.startGateway(test, environment);
    return pool;
  }

  /** For tests that start and kill the processes themselves. */
  static around(chainUrl: string, stateFolder: string, deployment: Deployment): Pool {
    return new Pool(chainUrl, stateFolder, deployment, '');
  }

  async startGateway(test: TestContext, environment: Record<string, string> = {}) {
    const gateway = await launch('gateway/main.js', ['--port', '0', '--state', this.stateFolder, '--endpoint', this.chainUrl],
      { GATEWAY_TOKEN: TOKEN, ...environment });
    test.after(() => gateway.stop('SIGKILL'));
    this.gatewayUrl = gateway.url;
    return gateway;
  }

  async get(path: string, token = TOKEN): Promise<Answer> {
    const response = await fetch(this.gatewayUrl + path, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: await response.json() };
  }

  async post(path: string, body: unknown, token = TOKEN): Promise<Answer> {
    const response = await fetch(this.gatewayUrl + path, {
      method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  async fund(nano: bigint): Promise<void> {
    await faucet(this.chainUrl, parseAddress(this.deployment.distribution), nano);
  }

  /** Seqno and deadline as a settlement grain would choose them now. */
  async validity(seconds = 60) {
    const { body } = await this.get('/v1/signer');
    return { seqno: body.seqno as number, valid_until: body.chain_time + seconds as number };
  }

  async openEpoch(epoch: number, totalNano: bigint, feeNano = 0n, count = 65_536): Promise<void> {
    const signed = await this.post('/v1/sign/open-epoch', {
      epoch, total_nano: totalNano.toString(), fee_nano: feeNano.toString(), count,
      merkle_root: '11'.repeat(32), bundle_hash: '22'.repeat(32), ...await this.validity(),
    });
    await this.post('/v1/broadcast', { boc: signed.body.boc });
    await waitUntil(`epoch ${epoch} opens`, async () => (await this.epoch(epoch)).opened, 20);
    await this.rest();
  }

  /** Waits until no message is on its way: what a contract sends back changes balances blocks after what the message did. */
  async rest(): Promise<void> {
    await waitUntil('the chain rests', async () => {
      const { queue, mempool } = await (await fetch(`${this.chainUrl}/dev/stats`)).json() as { queue: number; mempool: number };
      return queue === 0 && mempool === 0;
    }, 20);
  }

  async epoch(epoch: number) {
    return (await this.get(`/v1/distribution/epochs/${epoch}`)).body;
  }

  async faults(settings: object): Promise<void> {
    await fetch(`${this.chainUrl}/dev/faults`, { method: 'POST', body: JSON.stringify(settings) });
  }
}

/** @param from the index of the first entry in the epoch's tree */
export function batchRequest(epoch: number, batch: number, payouts: readonly Payout[], from = batch * 250) {
  return {
    epoch, batch,
    entries: payouts.map((p, i) => ({ address: rawAddress(p.to), amount_nano: p.amountNano.toString(), index: from + i })),
    list_hash: listHash(packPayoutList(payouts)),
  };
}
