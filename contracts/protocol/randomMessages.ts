import { Address, beginCell, Cell } from '@ton/core';
import { claimBody, openEpochBody, payBatchBody, pruneEpochsBody, releaseClaimsBody, setOperatorBody, setPausedBody, withdrawFeesBody } from '../wrappers/distributionMessages.js';
import { Leaf, proofOf, rootOf } from '../wrappers/epochTree.js';
import { commitContributionsBody, registerBody, slashBody, suspendBody } from '../wrappers/participantRegistry.js';
import { packPayoutList } from '../wrappers/payoutList.js';
import { acceptOwnerBody, actions, applyProposalBody, cancelProposalBody, FIRST_OWNER_PROPOSAL, pauseBody, proposeBody, relayFromVaultBody, resumeBody, sweepBody } from '../wrappers/poolOperator.js';
import { cancelWithdrawalBody, completeWithdrawalBody, requestWithdrawalBody, topUpBody } from '../wrappers/stakeAccount.js';
import { cocoonPayoutBody } from '../wrappers/workerVault.js';
import { operator, owner, person, stranger, TON } from './bench.js';

/** Numbers below a bound, the same ones for the same seed. */
export type Random = (below: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 4_294_967_296 * below);
  };
}

export const participants = ['alice', 'bob'].map(person);

export interface Places {
  readonly pool: Address;
  readonly distribution: Address;
  readonly registry: Address;
  readonly vault: Address;
  stakeOf(participant: Address): Address;
}

export interface Step {
  readonly to: Address;
  readonly from: Address;
  readonly body: Cell;
  readonly value: bigint;
  readonly bounce: boolean;
}

/** Entries of every epoch here, half of them pushed and half claimed. */
export const leaves: Leaf[] = Array.from({ length: 6 }, (_, index) => ({ index, address: person(`payee ${index}`), amountNano: BigInt(index + 1) * 200_000_000n }));
export const leavesTotal = leaves.reduce((sum, leaf) => sum + leaf.amountNano, 0n);

function tons(random: Random, most: number): bigint {
  return BigInt(random(most * 1_000)) * TON / 1_000n;
}

/** One message that somebody might send: mostly sensible ones of the right sender, sometimes neither. */
export function randomStep(random: Random, places: Places): Step {
  const { to, from, body, value } = sensible(random, places);
  const odd = random(12);
  return {
    to,
    from: odd === 0 ? stranger : from,
    body: odd === 1 ? damaged(random, body) : body,
    value: odd === 2 ? BigInt(random(20_000_000)) : odd === 3 ? BigInt(random(3_000)) : value,
    bounce: random(4) > 0,
  };
}

function damaged(random: Random, body: Cell): Cell {
  return beginCell().storeBits(body.bits.substring(0, random(body.bits.length + 1))).endCell();
}

function sensible(random: Random, places: Places): Omit<Step, 'bounce'> {
  const participant = participants[random(participants.length)]!;
  const account = places.stakeOf(participant);
  const generous = TON / 2n;
  const epoch = 1 + random(3);
  const leaf = leaves[random(leaves.length)]!;
  const toDistribution = (body: Cell, from = operator) => ({ to: places.distribution, from, body, value: generous });
  const toRegistry = (body: Cell) => ({ to: places.registry, from: operator, body, value: generous });
  const toPool = (body: Cell, from = owner) => ({ to: places.pool, from, body, value: generous });
  const ownStake = (body: Cell, value = generous) => ({ to: account, from: participant, body, value });
  const kinds: (() => Omit<Step, 'bounce'>)[] = [
    () => ({ to: places.registry, from: participant, body: registerBody(), value: 8n * TON + tons(random, 30) }),
    () => ({ to: places.registry, from: participant, body: registerBody(), value: 10n * TON + tons(random, 30) }),
    () => ownStake(topUpBody(), tons(random, 5)),
    () => ownStake(requestWithdrawalBody(tons(random, 40))),
    () => ownStake(requestWithdrawalBody(tons(random, 4))),
    () => ownStake(cancelWithdrawalBody()),
    () => ownStake(completeWithdrawalBody()),
    () => ownStake(completeWithdrawalBody()),
    () => toRegistry(slashBody(BigInt(random(4)), participant, tons(random, 15))),
    () => toRegistry(suspendBody(participant, random(2) * 1_786_000_000)),
    () => toRegistry(commitContributionsBody(random(5), Buffer.alloc(32, random(2)))),
    () => ({ to: places.distribution, from: stranger, body: beginCell().endCell(), value: tons(random, 10) }),
    () => ({ to: places.vault, from: person('proxy'), body: cocoonPayoutBody(BigInt(random(100))), value: tons(random, 3) }),
    () => ({ to: places.vault, from: stranger, body: beginCell().endCell(), value: tons(random, 1) }),
    () => toDistribution(openEpochBody({
      epoch, totalNano: leavesTotal, feeNano: TON / 10n, count: leaves.length, claimFrom: 3,
      merkleRoot: rootOf(epoch, leaves), bundleHash: Buffer.alloc(32),
    })),
    () => toDistribution(payBatchBody(epoch, random(2), packPayoutList(leaves.slice(random(2), 3).map(l => ({ to: l.address, amountNano: l.amountNano }))))),
    () => toDistribution(claimBody(epoch, leaf, proofOf(epoch, leaves, leaf.index)), leaf.address),
    () => toDistribution(claimBody(epoch, leaf, proofOf(epoch, leaves, leaf.index)), stranger),
    () => toDistribution(releaseClaimsBody(epoch, [random(3)])),
    () => toDistribution(withdrawFeesBody(tons(random, 1) / 10n)),
    () => toDistribution(pruneEpochsBody(random(3))),
    () => toDistribution(setPausedBody(true, stranger), stranger),
    () => toDistribution(setOperatorBody(stranger, stranger), operator),
    () => toPool(proposeBody(random(2), actions.setParameter('some.parameter', BigInt(random(9)))), operator),
    () => toPool(proposeBody(FIRST_OWNER_PROPOSAL + 2 + random(2), actions.commandLinked(2, sweepBody(person('treasury'))))),
    () => toPool(applyProposalBody(random(2)), operator),
    () => toPool(applyProposalBody(FIRST_OWNER_PROPOSAL + 2 + random(2))),
    () => toPool(cancelProposalBody(random(2)), operator),
    () => toPool(random(4) === 0 ? pauseBody() : resumeBody()),
    () => toPool(sweepBody(owner)),
    () => toPool(acceptOwnerBody(), stranger),
    () => toPool(relayFromVaultBody(places.vault, person('a CocoonWallet'), 0, beginCell().endCell())),
  ];
  return kinds[random(kinds.length)]!();
}
