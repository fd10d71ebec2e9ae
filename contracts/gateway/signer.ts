import { Address, Cell } from '@ton/core';
import { KeyPair } from '@ton/crypto';
import { COMMAND_VALUE_NANO, openEpochBody, payBatchBody, payBatchValueNano } from '../wrappers/distributionMessages.js';
import { SignedMessage, signTransfer, walletOf } from '../wrappers/operatorWallet.js';
import { OpenEpochRequest, PayBatchRequest, Validity } from './requests.js';

/** The only place with the operator's key. It can say two things, to one contract. */
export class Signer {
  readonly address: Address;

  constructor(private readonly keys: KeyPair, private readonly distribution: Address) {
    this.address = walletOf(keys.publicKey).address;
  }

  openEpoch(request: OpenEpochRequest): SignedMessage {
    return this.sign(openEpochBody(request.terms, BigInt(request.terms.epoch)), COMMAND_VALUE_NANO, request);
  }

  payBatch(request: PayBatchRequest): SignedMessage {
    // The query id names the batch, so that an explorer shows which command an excess message belongs to.
    const queryId = (BigInt(request.epoch) << 16n) | BigInt(request.batch);
    return this.sign(payBatchBody(request.epoch, request.batch, request.list, queryId), payBatchValueNano(request.payouts.length), request);
  }

  private sign(body: Cell, valueNano: bigint, { seqno, validUntil }: Validity): SignedMessage {
    // Bounceable: what the contract refuses comes back to the operator instead of staying there.
    return signTransfer(this.keys, { to: this.distribution, valueNano, body, bounce: true }, seqno, validUntil);
  }
}
