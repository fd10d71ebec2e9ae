import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadConfig } from '@ton/sandbox';
import { MAINNET_PRICES, mainnetConfig } from '../../localnet/mainnetPrices.js';
import { gasTable } from './table.js';

test('the committed gas table is what the contract costs', async () => {
  const committed: unknown = JSON.parse(readFileSync(new URL('../../../gas-table.json', import.meta.url), 'utf8'));
  assert.deepEqual(await gasTable(), committed, 'run `npm run gas` and look at the difference');
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
