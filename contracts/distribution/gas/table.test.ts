import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadConfig } from '@ton/sandbox';
import { MAINNET_PRICES, mainnetConfig } from '../../localnet/mainnetPrices.js';
import { gasTable } from './table.js';

test('the committed gas table is what the contract costs', async () => {
  const committed: unknown = JSON.parse(readFileSync(new URL('../../../gas-table.json', import.meta.url), 'utf8'));
  const measured = await gasTable();
  assert.deepEqual(measured, committed, 'run `npm run gas` and look at the difference');
  const largest = measured.batches.at(-1)!;
  assert.equal(largest.payouts, 250);
  assert.ok(BigInt(largest.fee_per_payout_nano) <= 225_000n, 'a payout in a batch of 250 costs at most 0.000225 TON');
  for (const claim of measured.claims) assert.ok(BigInt(claim.fee_nano) <= 3_000_000n, `a claim among ${claim.entries} costs at most 0.003 TON`);
  for (const { operation, fee_nano: fee } of measured.operations) assert.ok(BigInt(fee) < 10_000_000n, `${operation} costs less than 0.01 TON`);
});

test('the chain of the measurements really has the prices that the table names', () => {
  const config = loadConfig(mainnetConfig());
  const gas = config[21].anon0;
  assert.ok(gas.kind === 'GasLimitsPrices_gas_flat_pfx' && gas.other.kind === 'GasLimitsPrices_gas_prices_ext');
  assert.equal(gas.other.gas_price, MAINNET_PRICES.gasPrice);
  assert.equal(Math.round(Number(gas.other.gas_price) / 65536 * 100) / 100, 66.67);
  assert.equal(config[25].anon0.lump_price, MAINNET_PRICES.lumpPrice);
  assert.equal(config[25].anon0._cell_price, MAINNET_PRICES.forwardCellPrice);
  for (const [, storage] of config[18].anon0) assert.equal(storage._cell_price_ps, MAINNET_PRICES.storageCellPrice);
});
