import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { Address } from '@ton/core';
import { rawAddress } from '../wrappers/address.js';
import { waitUntil } from '../wrappers/sendAndWait.js';
import { Toncenter } from '../wrappers/toncenter.js';
import { launchChain, temporaryFolder } from './launch.js';

/** Asks for coins until the chain dies; returns the hashes of the payments it confirmed before that. */
async function fundUntilDeath(url: string, to: Address): Promise<string[]> {
  const confirmed: string[] = [];
  for (;;) {
    try {
      const response = await fetch(`${url}/dev/faucet`, { method: 'POST', body: JSON.stringify({ address: rawAddress(to), amount_nano: '1000' }) });
      confirmed.push((await response.json() as { tx_hash: string }).tx_hash);
    } catch {
      return confirmed;
    }
  }
}

test('killed again and again in the middle of its work, the chain keeps everything it confirmed', { timeout: 120_000 }, async t => {
  const folder = join(temporaryFolder(t), 'chain');
  const to = new Address(0, Buffer.alloc(32, 4));
  const confirmed: string[] = [];
  for (let life = 0; life < 5; life++) {
    const chain = await launchChain(t, folder, 5);
    const deaths = [fundUntilDeath(chain.url, to), fundUntilDeath(chain.url, to), fundUntilDeath(chain.url, to)];
    await new Promise(resolve => setTimeout(resolve, 100 + randomInt(400)));
    await chain.stop('SIGKILL');
    for (const hashes of await Promise.all(deaths)) confirmed.push(...hashes);
  }
  const chain = await launchChain(t, folder);
  const client = new Toncenter(chain.url);
  // A message that was on its way between two blocks goes on after the restart.
  await waitUntil('the queue empties', async () =>
    (await (await fetch(`${chain.url}/dev/stats`)).json() as { queue: number }).queue === 0);
  const kept = new Set<string>();
  let lastLt = 0n;
  let rent = 0n;
  for await (const { hash, transaction } of client.transactions(to, 0n, 20)) {
    assert.ok(lastLt === 0n || transaction.lt < lastLt, 'logical time never repeats, also not over a crash');
    lastLt = transaction.lt;
    kept.add(hash);
    rent += transaction.totalFees.coins;
  }
  assert.ok(confirmed.length > 5, `${confirmed.length} payments were confirmed`);
  for (const hash of confirmed) assert.ok(kept.has(hash), `payment ${hash} was confirmed and is gone`);
  const account = await client.account(to);
  assert.equal(account.balanceNano + rent, BigInt(kept.size) * 1_000n);
});
