import { MAINNET_PRICES } from '../../localnet/mainnetPrices.js';
import { CONTRACTS, codeHashOf } from '../../wrappers/contractCode.js';
import { measureBatch } from '../bench.js';
import { measureClaim } from './claims.js';
import { measureOperations } from './operations.js';

export const CLAIM_TREES = [100, 100_000] as const;
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
  const claims = [];
  for (const entries of CLAIM_TREES) claims.push(await measureClaim(entries));
  return {
    measured: {
      batches: 'operator W5R1 wallet to RewardDistribution: both transactions and all forward fees',
      claims: 'the W5R1 wallet of the participant to RewardDistribution and back, all that the participant loses',
      operations: 'from an account without code: fees of every transaction that follows, storage rent that fell due included',
    },
    code_hashes: Object.fromEntries(CONTRACTS.map(name => [name, codeHashOf(name)])),
    prices: Object.fromEntries(Object.entries(MAINNET_PRICES).map(([name, price]) => [name, price.toString()])),
    batches,
    claims,
    operations: await measureOperations(),
  };
}
