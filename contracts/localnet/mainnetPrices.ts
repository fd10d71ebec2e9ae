import { Cell } from '@ton/core';
import { loadConfig, updateConfig } from '@ton/sandbox';
import { slimConfig } from '@ton/sandbox/dist/config/slimConfig.js';

/**
 * What mainnet charged in August 2026. The emulator's built-in config is from before the cut and about six times
 * dearer, so every fee figure of this project is measured with these and says so. Prices of gas, bits and cells are in
 * units of 2^-16 nanoTON, as the config has them.
 */
export const MAINNET_PRICES = {
  /** 66.67 nanoTON a unit. */
  gasPrice: 4_369_067n,
  flatGasLimit: 100n,
  flatGasPrice: 6_667n,
  lumpPrice: 66_667n,
  forwardBitPrice: 4_369_067n,
  forwardCellPrice: 436_906_667n,
  storageCellPrice: 135n,
  /** The one figure that is not from a measurement: left at its old value, which can only overstate the rent. */
  storageBitPrice: 1n,
} as const;

let made: Cell | null = null;

/**
 * The emulator's config with params 18, 21 and 25 replaced by mainnet's prices. Its basis is the one without validators and
 * suspended addresses: no contract here asks for them, and reading and packing them took every process longer than all the rest.
 */
export function mainnetConfig(): Cell {
  return made ??= make();
}

function make(): Cell {
  const config = loadConfig(slimConfig);
  const prices = MAINNET_PRICES;
  const gas = config[21];
  if (gas.anon0.kind !== 'GasLimitsPrices_gas_flat_pfx' || gas.anon0.other.kind !== 'GasLimitsPrices_gas_prices_ext')
    throw new Error('the emulator brings gas limits in a form that is not known here');
  const storage = config[18];
  for (const [since, value] of [...storage.anon0])
    storage.anon0.set(since, { ...value, bit_price_ps: prices.storageBitPrice, _cell_price_ps: prices.storageCellPrice });
  return updateConfig(
    Cell.fromBase64(slimConfig),
    storage,
    {
      ...gas,
      anon0: {
        ...gas.anon0,
        flat_gas_limit: prices.flatGasLimit,
        flat_gas_price: prices.flatGasPrice,
        other: { ...gas.anon0.other, gas_price: prices.gasPrice },
      },
    },
    {
      ...config[25],
      anon0: {
        ...config[25].anon0,
        lump_price: prices.lumpPrice,
        bit_price: prices.forwardBitPrice,
        _cell_price: prices.forwardCellPrice,
      },
    });
}
