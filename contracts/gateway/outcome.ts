import { ExitCode, explainExitCode } from '../wrappers/exitCodes.js';
import { FoundTransaction, Toncenter } from '../wrappers/toncenter.js';
import { exitCodeOf } from '../wrappers/transactions.js';
import { rawAddress } from '../wrappers/address.js';
import { Contracts } from './contracts.js';
import { Reader, seqnoOf } from './reader.js';

/**
 * A message is asked about in the seconds after it was sent, so it is among the newest; a whole page of batches of 250 would be many
 * megabytes at each look.
 */
const FEW = 5;

/**
 * What became of a signed message. A wallet that has moved on proves nothing about a batch, so when a batch is not done
 * this finds out why: the message never landed, the wallet could not afford it, it is on its way, or the contract refused.
 */
export async function outcomeOf(chain: Toncenter, reader: Reader, contracts: Contracts, hash: string) {
  const wallet = await chain.account(reader.operator);
  const { mcSeqno, chainTime } = wallet;
  let newestLt = 0n;
  const sending = await find(chain.transactions(reader.operator, 0n, FEW), found => {
    if (found.transaction.lt > newestLt) newestLt = found.transaction.lt;
    return found.inMessageHash === hash;
  });
  const answer = (state: string, reason: string | null, exitCode: number | null, contract: FoundTransaction | null) => ({
    state, reason, exit_code: exitCode, wallet_tx_hash: sending?.hash ?? null, contract_tx_hash: contract?.hash ?? null,
    mc_seqno: mcSeqno, chain_time: chainTime, signer_seqno: seqnoOf(wallet),
  });
  // A history that lags behind the wallet's own state proves no absence.
  if (!sending && newestLt < wallet.lastLt) return answer('unknown', 'the history of the operator wallet is not complete yet', null, null);
  if (!sending) return answer('not_landed', 'no transaction of the operator wallet has this message', null, null);
  const sent = sending.transaction.outMessages.values().find(message => message.info.type === 'internal');
  if (sent?.info.type !== 'internal')
    return answer('not_sent', 'the operator wallet holds too little for the message and its fees: fund it', 37, null);
  const { createdLt, dest } = sent.info;
  const arrival = await find(chain.transactions(dest, sending.transaction.lt, FEW), ({ transaction: { inMessage } }) =>
    inMessage?.info.type === 'internal' && inMessage.info.src.equals(reader.operator) && inMessage.info.createdLt === createdLt);
  if (!arrival) return answer('on_its_way', null, null, null);
  const code = exitCodeOf(arrival.transaction);
  if (code === 0) {
    // The registry passes commands on; what the stake account says to them is the outcome.
    const passedOn = dest.equals(contracts.registry) ? await passedTo(chain, arrival) : null;
    if (passedOn === 'on_its_way') return answer('on_its_way', null, null, arrival);
    if (passedOn !== null) return answer('refused', explainExitCode(passedOn), passedOn, arrival);
    return answer('done', null, 0, arrival);
  }
  if (code === 'skipped') return answer('refused', 'the contract did not run: too little value for any gas, or it is frozen', null, arrival);
  return answer('refused', explainExitCode(code), code, arrival);
}

async function find(transactions: AsyncIterable<FoundTransaction>, matches: (found: FoundTransaction) => boolean): Promise<FoundTransaction | null> {
  for await (const found of transactions) if (matches(found)) return found;
  return null;
}

/** The exit code with which an account refused what the registry passed on to it; null if it did not, or got nothing. */
async function passedTo(chain: Toncenter, { transaction }: FoundTransaction): Promise<number | 'on_its_way' | null> {
  const message = transaction.outMessages.values().find(m => m.info.type === 'internal' && m.info.bounce);
  if (message?.info.type !== 'internal') return null;
  const { dest, createdLt, src } = message.info;
  if ((await chain.account(dest)).state !== 'active') return ExitCode.OverStake;
  const arrival = await find(chain.transactions(dest), ({ transaction: { inMessage } }) =>
    inMessage?.info.type === 'internal' && rawAddress(inMessage.info.src) === rawAddress(src) && inMessage.info.createdLt === createdLt);
  if (!arrival) return 'on_its_way';
  const code = exitCodeOf(arrival.transaction);
  return code === 0 || code === 'skipped' ? null : code;
}
