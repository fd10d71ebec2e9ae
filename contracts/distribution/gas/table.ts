import { MAINNET_PRICES } from '../../localnet/mainnetPrices.js';
import { codeHashOf } from '../../wrappers/contractCode.js';
import { measureBatch } from '../bench.js';

export const BATCH_SIZES = [1, 3, 50, 200, 250] as const;

/** Everything in it is a function of the code and the prices, so a test compares it without any tolerance. */
export async function gasTable() {
  const batches = [];
  for (const size of BATCH_SIZES) {
    const measured = await measureBatch(size);
    if (measured.exitCode !== 0) throw new Error(`a batch of ${size} failed with ${measured.exitCode}`);
    batches.push({
      payouts: size,
      contract_gas: Number(measured.gas),
      fee_nano: measured.feeNano.toString(),
      fee_per_payout_nano: measured.feePerPayoutNano.toString(),
    });
  }
  return {
    measured: 'operator W5R1 wallet to RewardDistribution: both transactions and all forward fees',
    code_hash: codeHashOf('RewardDistribution'),
    prices: Object.fromEntries(Object.entries(MAINNET_PRICES).map(([name, price]) => [name, price.toString()])),
    batches,
  };
}
