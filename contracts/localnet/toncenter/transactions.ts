import { Cell, loadTransaction } from '@ton/core';
import { parseAddress } from '../../wrappers/address.js';
import { Place, TransactionRecord } from '../blockLog.js';
import { Chain } from '../chain.js';
import { messageJson, transactionId } from './format.js';
import { addressParameter, BadParameter, optionalBigint, optionalHash, Parameters } from './parameters.js';

const MAX_LIMIT = 1_000;

/** `getTransactions`: newest first, from `lt` and `hash` on if given, down to but not including `to_lt`. */
export function getTransactions(chain: Chain, parameters: Parameters): unknown[] {
  const address = addressParameter(parameters);
  const from = optionalBigint(parameters, 'lt');
  const hash = optionalHash(parameters);
  const downTo = optionalBigint(parameters, 'to_lt') ?? 0n;
  const limit = Number(optionalBigint(parameters, 'limit') ?? 10n);
  if (limit < 1 || limit > MAX_LIMIT) throw new BadParameter(`parameter "limit" must be from 1 to ${MAX_LIMIT}`);
  const found: unknown[] = [];
  for (let place: Place | null = chain.accounts.get(address).last; place !== null && found.length < limit;) {
    const record: TransactionRecord = chain.log.readTransaction(place);
    const lt = BigInt(record.lt);
    if (lt <= downTo) break;
    if (from === null || lt <= from) {
      if (found.length === 0 && from !== null && hash !== null && record.hash !== hash)
        throw new BadParameter(`there is no transaction ${hash} at lt ${from}`);
      found.push(transactionJson(address, record));
    }
    place = record.previous;
  }
  return found;
}

function transactionJson(address: string, record: TransactionRecord) {
  const transaction = loadTransaction(Cell.fromBase64(record.boc).beginParse());
  const description = transaction.description;
  const storageFee = 'storagePhase' in description ? description.storagePhase?.storageFeesCollected ?? 0n : 0n;
  const fee = transaction.totalFees.coins;
  return {
    '@type': 'raw.transaction',
    address: { '@type': 'accountAddress', account_address: parseAddress(address).toString() },
    utime: transaction.now,
    data: record.boc,
    transaction_id: transactionId(record.lt, Buffer.from(record.hash, 'hex')),
    fee: fee.toString(),
    storage_fee: storageFee.toString(),
    other_fee: (fee - storageFee).toString(),
    ...(transaction.inMessage ? { in_msg: messageJson(transaction.inMessage) } : {}),
    out_msgs: transaction.outMessages.values().map(messageJson),
  };
}
