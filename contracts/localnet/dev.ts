import { parseAddress, rawAddress } from '../wrappers/address.js';
import { Chain } from './chain.js';
import { Method } from './toncenter/methods.js';
import { BadParameter } from './toncenter/parameters.js';

const MAX_BALANCES = 1_000;

/** What no real chain offers: coins for nothing, faults on demand, and a look inside. */
export function devMethodsOf(chain: Chain): ReadonlyMap<string, Method> {
  const faults: Method = input => {
    try {
      chain.faults.configure(input);
    } catch (error) {
      throw new BadParameter((error as Error).message);
    }
    return chain.faults.settings;
  };
  return new Map<string, Method>([
    ['POST faucet', async ({ address, amount_nano: amount }) => {
      if (typeof address !== 'string') throw new BadParameter('"address" is missing');
      if (typeof amount !== 'string' || !/^[1-9]\d{0,26}$/.test(amount))
        throw new BadParameter('"amount_nano" must be a decimal string of nanoTON above zero');
      if (chain.faults.settings.pause) throw new BadParameter('the chain is paused: resume it first');
      const to = readAddress(address);
      const record = await chain.faucet(to, BigInt(amount));
      return { address: record.account, amount_nano: amount, tx_hash: record.hash, lt: record.lt };
    }],
    ['POST faults', faults],
    ['POST underfund', async ({ address, leave_nano: leave }) => {
      if (typeof address !== 'string') throw new BadParameter('"address" is missing');
      if (typeof leave !== 'string' || !/^\d{1,27}$/.test(leave)) throw new BadParameter('"leave_nano" must be a decimal string of nanoTON');
      const account = rawAddress(readAddress(address));
      const before = chain.accounts.view(account).balanceNano;
      if (BigInt(leave) > before) throw new BadParameter(`${account} holds ${before} nanoTON: underfunding cannot add to it`);
      await chain.underfund(account, BigInt(leave));
      return { address: account, taken_nano: (before - BigInt(leave)).toString(), left_nano: leave };
    }],
    ['GET block', async ({ after }) => {
      if (typeof after !== 'string' || !/^\d{1,10}$/.test(after)) throw new BadParameter('"after" must be the number of a block');
      return { seqno: await chain.blockAfter(Number(after)) };
    }],
    ['POST balances', ({ addresses }) => {
      if (!Array.isArray(addresses) || addresses.length > MAX_BALANCES || !addresses.every(a => typeof a === 'string'))
        throw new BadParameter(`"addresses" must be a list of at most ${MAX_BALANCES} addresses`);
      // All at one block: an audit of many accounts must not add up coins that move meanwhile.
      return { seqno: chain.seqno, balances_nano: addresses.map(a => chain.accounts.view(rawAddress(readAddress(a))).balanceNano.toString()) };
    }],
    ['GET stats', () => ({
      seqno: chain.seqno, time: chain.time, accounts: chain.accounts.size,
      transactions_since_start: chain.transactionCount, mempool: chain.mempoolSize, queue: chain.queueSize,
      log_bytes: chain.log.bytes, memory_bytes: process.memoryUsage.rss(), faults: chain.faults.settings, faults_struck: chain.faults.struck,
    })],
  ]);
}

function readAddress(address: string) {
  try {
    return parseAddress(address);
  } catch (error) {
    throw new BadParameter((error as Error).message);
  }
}
