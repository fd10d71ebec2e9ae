import { Address, Cell, loadTransaction, Transaction } from '@ton/core';
import { rawAddress } from './address.js';

/** One account at one committed masterchain block: the fields belong together. */
export interface AccountSnapshot {
  readonly state: 'active' | 'uninitialized' | 'frozen';
  readonly balanceNano: bigint;
  readonly code: Cell | null;
  readonly data: Cell | null;
  /** Logical time of the account's last transaction that the block knows; 0 if it never had one. */
  readonly lastLt: bigint;
  readonly mcSeqno: number;
  readonly chainTime: number;
}

export interface FoundTransaction {
  readonly hash: string;
  readonly transaction: Transaction;
  /** Hash of the message that started it, as its sender knows it; null for the few that nobody sent. */
  readonly inMessageHash: string | null;
}

/** The chain could not be asked: no answer, or one that is not toncenter's. Trying again may help. */
export class ChainUnreachable extends Error {}

/** The chain was asked and said no, with its reason. */
export class ChainSaidNo extends Error {}

/**
 * A page of accounts whose transactions may be batches. A hundred batches of 250 are many megabytes: on a slow chain they take longer
 * than a request may, and whoever begins such a walk anew would ask for the same page for ever.
 */
export const BATCHES_A_PAGE = 10;

interface TransactionJson {
  readonly data: string;
  readonly transaction_id: { readonly lt: string; readonly hash: string };
}

interface Link {
  readonly lt: bigint;
  readonly hash: string;
}

interface Reply {
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error?: string;
}

function parseTransaction(hash: string, cell: Cell): FoundTransaction {
  const transaction = loadTransaction(cell.beginParse());
  // The message's own cell, because packing it anew may lay it out differently and change its hash.
  const message = transaction.inMessage ? cell.refs[0]?.refs[0] : undefined;
  return { hash, transaction, inMessageHash: message?.hash().toString('hex') ?? null };
}

/**
 * The few calls of toncenter v2 that the pool needs. Whole accounts are read at once and their data cells parsed here:
 * a get method and a clock read in two calls could belong to two blocks, and then prove nothing.
 */
export class Toncenter {
  constructor(readonly endpoint: string, private readonly apiKey: string | null = process.env.TONCENTER_API_KEY ?? null,
    private readonly timeoutMs = 10_000) {}

  async account(address: Address): Promise<AccountSnapshot> {
    const found = await this.call('getAddressInformation', { address: rawAddress(address) }) as {
      state: AccountSnapshot['state']; balance: string | number; code: string; data: string; sync_utime: number;
      block_id: { seqno: number }; last_transaction_id: { lt: string };
    };
    const cell = (boc: string) => boc === '' ? null : Cell.fromBase64(boc);
    return {
      state: found.state, balanceNano: BigInt(found.balance), code: cell(found.code), data: cell(found.data),
      lastLt: BigInt(found.last_transaction_id.lt), mcSeqno: found.block_id.seqno, chainTime: found.sync_utime,
    };
  }

  /** Broadcasts an external message; its hash is known to the sender, so the answer is only yes or no. */
  async send(boc: Buffer): Promise<void> {
    await this.call('sendBoc', { boc: boc.toString('base64') });
  }

  /**
   * The account's transactions above `afterLt`, newest first, as a walk to leave at any point. Public APIs give 100 a page.
   *
   * Every transaction names the one before it, and the walk follows these names: pages that overlap, repeat or come out
   * of order do no harm, and a hole, such as a node without old history has, is an error and not a missing payment.
   */
  async *transactions(address: Address, afterLt = 0n, pageSize = 100): AsyncGenerator<FoundTransaction> {
    for (let next: Link | null = null; ;) {
      const page: FoundTransaction[] = await this.page(address, afterLt, pageSize, next);
      let progress = false;
      for (const found of page) {
        const { lt } = found.transaction;
        if (next !== null && lt > next.lt) continue;
        if (lt <= afterLt) return;
        if (next !== null && (lt !== next.lt || found.hash !== next.hash)) break;
        progress = true;
        yield found;
        next = { lt: found.transaction.prevTransactionLt, hash: found.transaction.prevTransactionHash.toString(16).padStart(64, '0') };
      }
      if (next === null || next.lt <= afterLt) return;
      if (!progress)
        throw new ChainUnreachable(`${this.endpoint} does not give transaction lt ${next.lt} of ${rawAddress(address)}: ask a node with its whole history`);
    }
  }

  /** One page, newest first whatever order the API chose, without what it gave twice. */
  private async page(address: Address, afterLt: bigint, limit: number, from: Link | null): Promise<FoundTransaction[]> {
    const page = await this.call('getTransactions', {
      address: rawAddress(address), limit, to_lt: afterLt.toString(), ...from === null ? {} : { lt: from.lt.toString(), hash: from.hash },
    }) as TransactionJson[];
    const byLt = new Map<bigint, FoundTransaction>();
    for (const { data, transaction_id: id } of page)
      byLt.set(BigInt(id.lt), parseTransaction(Buffer.from(id.hash, 'base64').toString('hex'), Cell.fromBase64(data)));
    return [...byLt].sort(([a], [b]) => a < b ? 1 : -1).map(([, found]) => found);
  }

  /** Runs a get method that takes nothing and answers one number; null if the account has no such method. */
  async numberOf(address: Address, method: string): Promise<bigint | null> {
    const found = await this.call('runGetMethod', { address: rawAddress(address), method, stack: [] }) as { exit_code: number; stack: unknown[] };
    const [first] = found.stack as [string, string][];
    return (found.exit_code === 0 || found.exit_code === 1) && first?.[0] === 'num' ? BigInt(first[1]) : null;
  }

  private async call(method: string, params: object): Promise<unknown> {
    const reply = await this.post(`${this.endpoint.replace(/\/$/, '')}/api/v2/jsonRPC`, { id: '1', jsonrpc: '2.0', method, params });
    if (!reply.ok) throw new ChainSaidNo(reply.error ?? 'the chain refused without a reason');
    return reply.result;
  }

  private async post(url: string, body: object): Promise<Reply> {
    let status = 0;
    try {
      const response = await fetch(url, {
        method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(this.timeoutMs),
        headers: { 'content-type': 'application/json', ...(this.apiKey ? { 'X-API-Key': this.apiKey } : {}) },
      });
      status = response.status;
      const reply = await response.json() as Reply;
      if (typeof reply.ok !== 'boolean') throw new Error('the answer is not one of toncenter');
      // Too many requests and gateway errors say nothing about the message, only about the moment.
      if (!reply.ok && (status === 429 || status === 502 || status === 503 || status === 504)) throw new Error(reply.error ?? `status ${status}`);
      return reply;
    } catch (error) {
      throw new ChainUnreachable(`${url} (status ${status || 'none'}): ${(error as Error).message}`);
    }
  }
}
