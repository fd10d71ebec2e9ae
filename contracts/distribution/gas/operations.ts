import { Address, Cell } from '@ton/core';
import { operator, owner, person, PoolBench, TIMELOCK_SECONDS, TON, WITHDRAWAL_DELAY_SECONDS } from '../../protocol/bench.js';
import { openEpochBody, pruneEpochsBody, releaseClaimsBody, withdrawFeesBody } from '../../wrappers/distributionMessages.js';
import { commitContributionsBody, registerBody, slashBody, suspendBody } from '../../wrappers/participantRegistry.js';
import { actions, applyProposalBody, FIRST_OWNER_PROPOSAL, pauseBody, proposeBody, resumeBody } from '../../wrappers/poolOperator.js';
import { cancelWithdrawalBody, completeWithdrawalBody, requestWithdrawalBody, topUpBody } from '../../wrappers/stakeAccount.js';
import { exitCodeOf, feesOf } from '../../wrappers/transactions.js';
import { cocoonPayoutBody } from '../../wrappers/workerVault.js';

const alice = person('alice');

interface Operation {
  readonly name: string;
  readonly to: Address;
  readonly from: Address;
  readonly body: Cell;
  readonly value?: bigint;
  readonly waitSeconds?: number;
}

/** Every operation once, in an order in which each is possible, with all fees of all transactions that follow from it. */
export async function measureOperations() {
  const bench = await PoolBench.create();
  const { address: distribution } = bench.distribution;
  const { address: registry } = bench.registry;
  const { address: pool } = bench.pool;
  const account = bench.stakeOf(alice);
  const ownerId = FIRST_OWNER_PROPOSAL + 2;
  const terms = { epoch: 1, totalNano: 0n, feeNano: TON / 10n, count: 10, claimFrom: 10, merkleRoot: Buffer.alloc(32, 1), bundleHash: Buffer.alloc(32, 2) };
  const operations: Operation[] = [
    { name: 'revenue: plain transfer', to: distribution, from: alice, body: Cell.EMPTY, value: 10n * TON },
    { name: 'revenue: Cocoon payout through a vault', to: bench.vault, from: person('proxy'), body: cocoonPayoutBody(1n), value: TON },
    { name: 'open epoch', to: distribution, from: operator, body: openEpochBody(terms) },
    { name: 'release a held-back entry', to: distribution, from: operator, body: releaseClaimsBody(1, [3]) },
    { name: 'withdraw fees', to: distribution, from: operator, body: withdrawFeesBody(TON / 100n) },
    { name: 'forget an epoch', to: distribution, from: operator, body: pruneEpochsBody(2) },
    { name: 'register with stake', to: registry, from: alice, body: registerBody(), value: 100n * TON },
    { name: 'top up', to: account, from: alice, body: topUpBody(), value: TON },
    { name: 'request withdrawal', to: account, from: alice, body: requestWithdrawalBody(TON) },
    { name: 'cancel withdrawal', to: account, from: alice, body: cancelWithdrawalBody() },
    { name: 'request withdrawal again', to: account, from: alice, body: requestWithdrawalBody(TON) },
    { name: 'suspend', to: registry, from: operator, body: suspendBody(alice, 1) },
    { name: 'slash', to: registry, from: operator, body: slashBody(1n, alice, TON) },
    { name: 'complete withdrawal', to: account, from: alice, body: completeWithdrawalBody(), waitSeconds: WITHDRAWAL_DELAY_SECONDS },
    { name: 'commit contributions', to: registry, from: operator, body: commitContributionsBody(1, Buffer.alloc(32, 3)) },
    { name: 'propose a parameter', to: pool, from: owner, body: proposeBody(ownerId, actions.setParameter('a.parameter', 5n)) },
    { name: 'apply a proposal', to: pool, from: owner, body: applyProposalBody(ownerId), waitSeconds: TIMELOCK_SECONDS },
    { name: 'pause everything', to: pool, from: operator, body: pauseBody() },
    { name: 'resume everything', to: pool, from: owner, body: resumeBody() },
  ];
  const measured = [];
  for (const { name, to, from, body, value, waitSeconds } of operations) {
    bench.wait(waitSeconds ?? 0);
    const transactions = await bench.send(to, from, body, value);
    const code = exitCodeOf(transactions[0]!);
    if (code !== 0) throw new Error(`"${name}" ended with ${code}`);
    measured.push({ operation: name, transactions: transactions.length, fee_nano: transactions.reduce((sum, t) => sum + feesOf(t), 0n).toString() });
  }
  return measured;
}
