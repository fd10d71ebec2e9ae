import { Address, beginCell, Cell, external, internal, SendMode, StateInit, storeMessage } from '@ton/core';
import { KeyPair } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';

export interface Transfer {
  readonly to: Address;
  readonly valueNano: bigint;
  readonly body: Cell | null;
  /** False lets an account that is not deployed keep the coins. */
  readonly bounce: boolean;
  /** Deploys the receiver with the same message. */
  readonly init?: StateInit;
}

export interface SignedMessage {
  readonly boc: Buffer;
  /** Hash of the root cell of the message: what an explorer and the chain's `sendBocReturnHash` call it. */
  readonly hash: string;
  /** Hash of the signed body, which is the same whether or not the message also deploys the wallet. */
  readonly bodyHash: Buffer;
}

/** The W5R1 wallet of a key on mainnet's and the local chain's network id, subwallet 0. */
export function walletOf(publicKey: Buffer): WalletContractV5R1 {
  return WalletContractV5R1.create({ workchain: 0, publicKey });
}

/**
 * Signs one transfer of a wallet for exactly one seqno, valid strictly before `validUntil`. Both are given by the
 * caller and never guessed here: whoever records the message must know when it can no longer land.
 *
 * W5 demands mode +2 on messages that come from outside, so a transfer the wallet cannot afford is dropped silently
 * while its seqno moves on. Only the receiver's state proves that a transfer happened.
 */
export function signTransfer(keys: KeyPair, transfer: Transfer, seqno: number, validUntil: number): SignedMessage {
  const wallet = walletOf(keys.publicKey);
  const body = wallet.createTransfer({
    seqno,
    timeout: validUntil,
    secretKey: keys.secretKey,
    sendMode: SendMode.PAY_GAS_SEPARATELY | SendMode.IGNORE_ERRORS,
    messages: [internal({
      to: transfer.to,
      value: transfer.valueNano,
      bounce: transfer.bounce,
      ...(transfer.body === null ? {} : { body: transfer.body }),
      ...(transfer.init === undefined ? {} : { init: transfer.init }),
    })],
  });
  // The first message of a wallet deploys it; later ones would only pay for bytes that nobody reads.
  const message = external({ to: wallet.address, body, init: seqno === 0 ? wallet.init : null });
  const cell = beginCell().store(storeMessage(message)).endCell();
  return { boc: cell.toBoc(), hash: cell.hash().toString('hex'), bodyHash: body.hash() };
}

/** A body that wallets and explorers show as text. */
export function commentBody(text: string): Cell {
  return beginCell().storeUint(0, 32).storeStringTail(text).endCell();
}

/** Hash of the W5R1 code, by which an account on the chain is known to be such a wallet. */
export const WALLET_CODE_HASH = walletOf(Buffer.alloc(32)).init.code.hash().toString('hex');

/** The seqno in a W5R1 wallet's data: one flag, then 32 bits. */
export function walletSeqno(data: Cell): number {
  return data.beginParse().skip(1).loadUint(32);
}
