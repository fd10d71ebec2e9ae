import { Address } from '@ton/core';
import { Deployment } from '../deploy/deployment.js';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { walletSeqno } from '../wrappers/operatorWallet.js';
import { DistributionStorage, EpochState } from '../wrappers/rewardDistribution.js';
import { AccountSnapshot, Toncenter } from '../wrappers/toncenter.js';
import { vaultAddress } from '../wrappers/workerVault.js';
import { GatewayError } from './errors.js';
import { FoundCommands } from './foundCommands.js';
import { IncomingPayments } from './incoming.js';
import { PaymentTransactions } from './paymentTransactions.js';

/** Below this the wallet may not afford the value of a batch of 250, most of which comes back later. */
const LOW_SIGNER_BALANCE_NANO = 1_000_000_000n;
/** Network ids of TON Connect; the local chain uses mainnet's, as its wallets do. */
const CONNECT_NETWORK = { local: '-239', mainnet: '-239', testnet: '-3' } as const;
/** More than this behind the clock, and the chain or its API is in trouble. */
const HEALTHY_LAG_SECONDS = 60;

/** What the chain says, each answer from one committed masterchain block. */
export class Reader {
  readonly distribution: Address;
  readonly operator: Address;
  readonly connectNetwork: string;
  private readonly paymentTransactions: PaymentTransactions;
  private readonly payments: IncomingPayments;

  /** @param folder where what was found in the histories is kept over restarts; null keeps it in memory alone. */
  constructor(private readonly chain: Toncenter, private readonly deployment: Deployment, folder: string | null = null) {
    this.distribution = parseAddress(deployment.distribution);
    this.operator = parseAddress(deployment.operator_wallet);
    this.connectNetwork = CONNECT_NETWORK[deployment.network];
    const poolOperator = parseAddress(deployment.pool_operator);
    this.payments = new IncomingPayments(chain, this.distribution, worker => vaultAddress(poolOperator, this.distribution, worker));
    this.paymentTransactions = new PaymentTransactions(chain, this.distribution, new FoundCommands(folder === null ? null : { folder, contract: this.distribution }));
  }

  async health() {
    const wallet = await this.chain.account(this.operator);
    const lag = Math.max(0, Math.floor(Date.now() / 1000) - wallet.chainTime);
    const problems = [
      ...lag > HEALTHY_LAG_SECONDS ? [`the chain is ${lag} seconds behind the clock`] : [],
      ...wallet.balanceNano < LOW_SIGNER_BALANCE_NANO ? [`the signer's wallet holds ${wallet.balanceNano} nanoTON: send it some`] : [],
    ];
    return {
      ok: problems.length === 0,
      problems,
      network: this.deployment.network,
      mc_seqno: wallet.mcSeqno,
      chain_time: wallet.chainTime,
      lag_seconds: lag,
      signer: { address: rawAddress(this.operator), balance_nano: wallet.balanceNano.toString(), seqno: seqnoOf(wallet) },
      distribution: rawAddress(this.distribution),
    };
  }

  async signer() {
    const wallet = await this.chain.account(this.operator);
    return {
      address: rawAddress(this.operator), seqno: seqnoOf(wallet), balance_nano: wallet.balanceNano.toString(),
      chain_time: wallet.chainTime, mc_seqno: wallet.mcSeqno,
    };
  }

  async distributionState() {
    const { account, storage } = await this.readDistribution();
    return {
      address: rawAddress(this.distribution),
      balance_nano: account.balanceNano.toString(),
      reserved_nano: (storage.sharesOwedNano + storage.feesOwedNano).toString(),
      fees_earned_nano: storage.feesEarnedNano.toString(),
      shares_owed_nano: storage.sharesOwedNano.toString(),
      fees_owed_nano: storage.feesOwedNano.toString(),
      operator: rawAddress(storage.operator),
      admin: rawAddress(storage.admin),
      paused: storage.paused,
      pruned_below: storage.prunedBelow,
      mc_seqno: account.mcSeqno,
    };
  }

  async epoch(number: number) {
    const { account, storage } = await this.readDistribution();
    const epoch = storage.epoch(number);
    // A forgotten epoch has paid everything; it reads like one that was never opened but for this and for its claims, which somebody may not have booked yet.
    const pruned = number < storage.prunedBelow;
    const forgotten = pruned ? await this.paymentTransactions.claimsOf(number) : new Map<number, string>();
    const transactions = await this.paymentTransactions.find(number, epoch.opened, epoch.batches.map(b => b.index), epoch.claimed);
    return {
      mc_seqno: account.mcSeqno,
      chain_time: account.chainTime,
      opened: epoch.opened,
      opening: transactions.opening === null ? null : { tx_hash: transactions.opening.txHash, fee_nano: transactions.opening.feeNano.toString() },
      total_nano: epoch.totalNano.toString(),
      paid_nano: epoch.paidNano.toString(),
      fee_nano: epoch.feeNano.toString(),
      count: epoch.count,
      claim_from: epoch.claimFrom,
      pushed_count: epoch.pushedCount,
      released: epoch.released,
      claimed: pruned ? [...forgotten.keys()] : epoch.claimed,
      claims: pruned ? [...forgotten].map(([index, hash]) => ({ index, tx_hash: hash })) : epoch.claimed.map(index => ({ index, tx_hash: transactions.claims.get(index) ?? null })),
      pruned,
      merkle_root: epoch.merkleRoot,
      bundle_hash: epoch.bundleHash,
      batches: epoch.batches.map(batch => {
        const transaction = transactions.batches.get(batch.index);
        return {
          index: batch.index, list_hash: batch.listHash, amount_nano: batch.amountNano.toString(),
          tx_hash: transaction?.txHash ?? null, lt: transaction?.lt ?? null, fee_nano: transaction?.feeNano.toString() ?? null,
        };
      }),
    };
  }

  async epochState(number: number): Promise<EpochState> {
    return (await this.readDistribution()).storage.epoch(number);
  }

  async account(address: Address) {
    const account = await this.chain.account(address);
    return { address: rawAddress(address), state: account.state, balance_nano: account.balanceNano.toString(), mc_seqno: account.mcSeqno };
  }

  incoming(address: Address, afterLt: bigint, limit: number) {
    return this.payments.after(address, afterLt, limit);
  }

  private async readDistribution() {
    const account = await this.chain.account(this.distribution);
    if (account.data === null)
      throw new GatewayError('chain_unreachable', `RewardDistribution ${rawAddress(this.distribution)} is ${account.state} on this chain: is it the chain of deployment.json?`);
    return { account, storage: DistributionStorage.parse(account.data) };
  }
}

export function seqnoOf(wallet: AccountSnapshot): number {
  return wallet.data === null ? 0 : walletSeqno(wallet.data);
}
