import assert from 'node:assert/strict';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { test, TestContext } from 'node:test';
import { Address } from '@ton/core';
import { faucet } from '../deploy/localFaucet.js';
import { launchChain, temporaryFolder } from '../localnet/launch.js';
import { randomFrom } from '../protocol/randomMessages.js';
import { ChainUnreachable, Toncenter } from '../wrappers/toncenter.js';
import { IncomingPayments } from './incoming.js';

const account = new Address(0, Buffer.alloc(32, 11));
const distribution = new Address(0, Buffer.alloc(32, 12));
const vaultOf = (worker: Buffer) => new Address(0, worker);

type Page = { transaction_id: { lt: string } }[];
/** What a bad API does to a page of transactions. */
type Mischief = (page: Page) => Page;

/** Stands between a client and the chain and spoils the pages of histories. */
async function spoilingProxy(t: TestContext, chainUrl: string): Promise<{ url: string; mischief: { now: Mischief } }> {
  const mischief = { now: (page: Page) => page };
  const forward = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const answer = await (await fetch(chainUrl + request.url!, { method: 'POST', body })).json() as { result: Page };
    if ((JSON.parse(body) as { method: string }).method === 'getTransactions') answer.result = mischief.now(answer.result);
    response.end(JSON.stringify(answer));
  };
  const server = createServer((request, response) => void forward(request, response).catch(() => response.destroy()));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => { server.closeAllConnections(); server.close(); });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, mischief };
}

async function pay(url: string, from: number, to: number): Promise<void> {
  for (let i = from; i <= to; i++) await faucet(url, account, BigInt(i));
}

async function everything(index: IncomingPayments, limit = 7): Promise<number[]> {
  const amounts: number[] = [];
  for (let lt = 0n; ;) {
    const { payments } = await index.after(account, lt, limit);
    if (payments.length === 0) return amounts;
    amounts.push(...payments.map(p => Number(p.amount_nano)));
    lt = BigInt(payments.at(-1)!.lt);
  }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('every payment is told once, in order, over downtime, restarts, overlapping, repeated and unordered pages', { timeout: 120_000 }, async t => {
  const chain = await launchChain(t, temporaryFolder(t), 5);
  const proxy = await spoilingProxy(t, chain.url);
  const random = randomFrom(5);
  proxy.mischief.now = page => {
    const doubled = page.flatMap(each => random(3) === 0 ? [each, each] : [each]);
    return doubled.sort(() => random(2) - 0.5);
  };
  await pay(chain.url, 1, 30);
  const index = new IncomingPayments(new Toncenter(proxy.url), distribution, vaultOf);
  assert.deepEqual(await everything(index), numbers(1, 30));

  // Nobody asked while these came, as after days of downtime; pages are short, so that the walk takes many of them.
  await pay(chain.url, 31, 60);
  assert.deepEqual(await everything(index), numbers(1, 60));
  assert.deepEqual(await everything(new IncomingPayments(new Toncenter(proxy.url), distribution, vaultOf)), numbers(1, 60));
  assert.deepEqual(await everything(new IncomingPayments(new Toncenter(proxy.url), distribution, vaultOf, 10), 3), numbers(1, 60), 'with little memory');

  const [a, b] = await Promise.all([everything(index), everything(index)]);
  assert.deepEqual(a, b);
  assert.deepEqual(a, numbers(1, 60), 'two readers at once');
});

test('a hole in the history is an error and never a missing payment', { timeout: 60_000 }, async t => {
  const chain = await launchChain(t, temporaryFolder(t), 5);
  const proxy = await spoilingProxy(t, chain.url);
  await pay(chain.url, 1, 12);
  const index = new IncomingPayments(new Toncenter(proxy.url), distribution, vaultOf);
  // A node without old history: the last four transactions are never there.
  proxy.mischief.now = page => page.filter((_, position) => page.length - position > 4);
  await assert.rejects(index.after(account, 0n, 100), ChainUnreachable);
  proxy.mischief.now = page => page;
  assert.deepEqual(await everything(index), numbers(1, 12));
});
