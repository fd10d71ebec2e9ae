import { Cell, parseTuple, serializeTuple } from '@ton/core';
import { Chain, ChainRefusal } from '../chain.js';
import { Emulator } from '../emulator.js';
import { checkExternalMessage } from '../messageChecks.js';
import {
  getAddressBalance, getAddressInformation, getAddressState, getExtendedAddressInformation, getWalletInformation,
} from './accounts.js';
import { blockId, transactionId } from './format.js';
import { addressParameter, BadParameter, bocParameter, Parameters, text } from './parameters.js';
import { methodId } from './methodId.js';
import { stackFromJson, stackToJson } from './stack.js';
import { getTransactions } from './transactions.js';

export type Method = (parameters: Parameters) => unknown;

/** Every method of toncenter v2 that this chain answers, by its name in URLs and in JSON-RPC. */
export function methodsOf(chain: Chain, emulator: Emulator): ReadonlyMap<string, Method> {
  return new Map<string, Method>([
    ['getMasterchainInfo', () => masterchainInfo(chain)],
    ['getAddressInformation', p => getAddressInformation(chain, p)],
    ['getExtendedAddressInformation', p => getExtendedAddressInformation(chain, p)],
    ['getWalletInformation', p => getWalletInformation(chain, p)],
    ['getAddressBalance', p => getAddressBalance(chain, p)],
    ['getAddressState', p => getAddressState(chain, p)],
    ['getTransactions', p => getTransactions(chain, p)],
    ['runGetMethod', p => runGetMethod(chain, emulator, p)],
    ['sendBoc', async p => {
      await send(chain, p);
      return { '@type': 'ok' };
    }],
    ['sendBocReturnHash', async p => {
      const hash = Buffer.from(await send(chain, p), 'hex').toString('base64');
      return { '@type': 'raw.extMessageInfo', hash };
    }],
  ]);
}

function masterchainInfo(chain: Chain) {
  return {
    '@type': 'blocks.masterchainInfo',
    last: blockId(chain.seqno),
    state_root_hash: blockId(chain.seqno).root_hash,
    init: { ...blockId(0), shard: '0' },
  };
}

async function send(chain: Chain, parameters: Parameters): Promise<string> {
  const boc = bocParameter(parameters);
  let message;
  try {
    message = checkExternalMessage(boc);
  } catch (error) {
    throw new ChainRefusal((error as Error).message);
  }
  await chain.send(message);
  return message.hash;
}

async function runGetMethod(chain: Chain, emulator: Emulator, parameters: Parameters) {
  const address = addressParameter(parameters);
  const id = methodId(text(parameters, 'method'));
  let stack;
  try {
    stack = serializeTuple(stackFromJson(parameters.stack ?? []));
  } catch (error) {
    throw new BadParameter((error as Error).message);
  }
  // Taken together before anything is awaited, so that the answer belongs to the block it names.
  const account = chain.accounts.view(address);
  const { seqno, time } = chain;
  const where = { block_id: blockId(seqno), last_transaction_id: transactionId(account.lastLt, account.lastHash) };
  if (account.state !== 'active' || account.code === null || account.data === null)
    return { '@type': 'smc.runResult', gas_used: 0, stack: [], exit_code: -13, ...where };
  const result = await emulator.getMethod({
    address, code: account.code.toBoc().toString('base64'), data: account.data.toBoc().toString('base64'),
    balanceNano: account.balanceNano.toString(), methodId: id, stack: stack.toBoc().toString('base64'), now: time,
  });
  return {
    '@type': 'smc.runResult', gas_used: result.gasUsed, exit_code: result.exitCode,
    stack: result.exitCode === 0 || result.exitCode === 1 ? stackToJson(parseTuple(Cell.fromBase64(result.stack))) : [],
    ...where,
  };
}
