import { KeyPair } from '@ton/crypto';
import { Transfer, signTransfer, walletOf, walletSeqno } from './operatorWallet.js';
import { ChainSaidNo, FoundTransaction, Toncenter } from './toncenter.js';

const VALIDITY_SECONDS = 60;
const FIRST_POLL_MS = 15;
const MAX_POLL_MS = 150;

/** Waits between two looks: short ones first, since a local chain is done in a moment, then ones that a public API does not mind. */
function patience(): () => Promise<void> {
  let wait = FIRST_POLL_MS;
  return async () => {
    await new Promise(resolve => setTimeout(resolve, wait));
    wait = Math.min(MAX_POLL_MS, wait * 2);
  };
}

/**
 * Sends one transfer from a wallet and waits until its transaction is committed. Meant for people at a command line:
 * it signs anew on every run, so it is not for payouts, where only one signature may be alive.
 */
export async function sendAndWait(chain: Toncenter, keys: KeyPair, transfer: Transfer): Promise<FoundTransaction> {
  const wallet = walletOf(keys.publicKey);
  const before = await chain.account(wallet.address);
  if (before.balanceNano < transfer.valueNano)
    throw new Error(`wallet ${wallet.address.toRawString()} holds ${before.balanceNano} nanoTON, which is less than ${transfer.valueNano}: fund it first`);
  const seqno = before.data === null ? 0 : walletSeqno(before.data);
  const validUntil = before.chainTime + VALIDITY_SECONDS;
  const signed = signTransfer(keys, transfer, seqno, validUntil);
  await chain.send(signed.boc);
  const pause = patience();
  for (;;) {
    const now = await chain.account(wallet.address);
    if (now.data !== null && walletSeqno(now.data) > seqno) break;
    if (now.chainTime >= validUntil) throw new Error(`the message expired at chain time ${validUntil} without landing: send it again`);
    await rebroadcast(chain, signed.boc);
    await pause();
  }
  for await (const found of chain.transactions(wallet.address)) {
    const { inMessage } = found.transaction;
    if (inMessage?.info.type === 'external-in' && inMessage.body.hash().equals(signed.bodyHash)) return requireSent(found);
  }
  throw new Error(`wallet ${wallet.address.toRawString()} was used by someone else at seqno ${seqno}: look at its transactions before sending again`);
}

/** The same bytes are safe to send again; a refusal here only means that they have landed by now. */
async function rebroadcast(chain: Toncenter, boc: Buffer): Promise<void> {
  try {
    await chain.send(boc);
  } catch (error) {
    if (!(error instanceof ChainSaidNo)) throw error;
  }
}

/** W5 drops what it cannot afford without failing, which would look like success. */
function requireSent(found: FoundTransaction): FoundTransaction {
  if (found.transaction.outMessagesCount === 0)
    throw new Error(`transaction ${found.hash} landed but sent nothing: the wallet holds too little for the amount and its fees`);
  return found;
}

/** Waits until `done` says so, for at most `seconds`. */
export async function waitUntil(what: string, done: () => Promise<boolean>, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  const pause = patience();
  while (!await done()) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${seconds} seconds`);
    await pause();
  }
}
