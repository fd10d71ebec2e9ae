import { beginCell, Cell, contractAddress, storeStateInit } from '@ton/core';
import { keyPairFromSeed, sign } from '@ton/crypto';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import { createInterface } from 'node:readline';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { proofHash } from '../gateway/tonProof.js';

/**
 * Signs TON Connect proofs as a wallet would, for tests and for joining a pool from a command line. Reads one JSON object a line:
 * {seed (hex), version?: 0|4|5, address?, domain, timestamp, payload}, and writes {address, signature, state_init}.
 * Version 0 is no wallet, but a contract whose data looks like one's. An `address` that is given is signed for as it is, right or wrong.
 */
interface Wish {
  readonly seed: string;
  readonly version?: 0 | 4 | 5;
  readonly address?: string;
  readonly domain: string;
  readonly timestamp: number;
  readonly payload: string;
}

function noWallet(publicKey: Buffer) {
  const init = {
    code: beginCell().storeUint(0xdead, 16).endCell(),
    data: beginCell().storeUint(0, 65).storeBuffer(publicKey).endCell(),
  };
  return { init, address: contractAddress(0, init) };
}

function answer(wish: Wish) {
  const keys = keyPairFromSeed(Buffer.from(wish.seed, 'hex'));
  const create = { workchain: 0, publicKey: keys.publicKey };
  const wallet = wish.version === 0 ? noWallet(keys.publicKey) : wish.version === 4 ? WalletContractV4.create(create) : WalletContractV5R1.create(create);
  const address = wish.address === undefined ? wallet.address : parseAddress(wish.address);
  const digest = proofHash({ address, domain: wish.domain, timestamp: BigInt(wish.timestamp), payload: wish.payload });
  const stateInit: Cell = beginCell().store(storeStateInit(wallet.init)).endCell();
  return { address: rawAddress(wallet.address), signature: sign(digest, keys.secretKey).toString('base64'), state_init: stateInit.toBoc().toString('base64') };
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(answer(JSON.parse(line) as Wish)));
