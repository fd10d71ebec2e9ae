import { explainExitCode } from '../wrappers/exitCodes.js';
import { FoundTransaction, Toncenter } from '../wrappers/toncenter.js';
import { exitCodeOf } from '../wrappers/transactions.js';
import { Reader } from './reader.js';

/**
 * What became of a signed message. A wallet that has moved on proves nothing about a batch, so when a batch is not done
 * this finds out why: the message never landed, the wallet could not afford it, it is on its way, or the contract refused.
 */
export async function outcomeOf(chain: Toncenter, reader: Reader, hash: string) {
  const { mcSeqno, chainTime } = await chain.account(reader.operator);
  const sending = await find(chain.transactions(reader.operator), found => found.inMessageHash === hash);
  const answer = (state: string, reason: string | null, exitCode: number | null, contract: FoundTransaction | null) => ({
    state, reason, exit_code: exitCode, wallet_tx_hash: sending?.hash ?? null, contract_tx_hash: contract?.hash ?? null,
    mc_seqno: mcSeqno, chain_time: chainTime,
  });
  if (!sending) return answer('not_landed', 'no transaction of the operator wallet has this message', null, null);
  const sent = sending.transaction.outMessages.values().find(message => message.info.type === 'internal');
  if (sent?.info.type !== 'internal')
    return answer('not_sent', 'the operator wallet holds too little for the message and its fees: fund it', 37, null);
  const { createdLt } = sent.info;
  const arrival = await find(chain.transactions(reader.distribution, sending.transaction.lt), ({ transaction: { inMessage } }) =>
    inMessage?.info.type === 'internal' && inMessage.info.src.equals(reader.operator) && inMessage.info.createdLt === createdLt);
  if (!arrival) return answer('on_its_way', null, null, null);
  const code = exitCodeOf(arrival.transaction);
  if (code === 0) return answer('done', null, 0, arrival);
  if (code === 'skipped') return answer('refused', 'the contract did not run: too little value for any gas, or it is frozen', null, arrival);
  return answer('refused', explainExitCode(code), code, arrival);
}

async function find(transactions: AsyncIterable<FoundTransaction>, matches: (found: FoundTransaction) => boolean): Promise<FoundTransaction | null> {
  for await (const found of transactions) if (matches(found)) return found;
  return null;
}
