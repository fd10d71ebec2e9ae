import { Address } from '@ton/core';
import { KeyPair } from '@ton/crypto';
import { COMMAND_VALUE_NANO, openEpochBody, payBatchBody, payBatchValueNano } from '../wrappers/distributionMessages.js';
import { SignedMessage, signTransfer, Transfer, walletOf } from '../wrappers/operatorWallet.js';
import { Command, PoolAddresses } from './commands.js';
import { OpenEpochRequest, PayBatchRequest, Validity } from './requests.js';

/** The only place with the operator's key. It signs commands to the pool's contracts and has no way to say anything else. */
export class Signer {
  readonly address: Address;
  readonly #keys: KeyPair;

  constructor(keys: KeyPair, private readonly pool: PoolAddresses) {
    this.#keys = keys;
    this.address = walletOf(keys.publicKey).address;
  }

  openEpoch(request: OpenEpochRequest): SignedMessage {
    return this.toDistribution(openEpochBody(request.terms, BigInt(request.terms.epoch)), COMMAND_VALUE_NANO, request);
  }

  payBatch(request: PayBatchRequest): SignedMessage {
    // The query id names the batch, so that an explorer shows which command an excess message belongs to.
    const queryId = (BigInt(request.epoch) << 16n) | BigInt(request.batch);
    return this.toDistribution(payBatchBody(request.epoch, request.batch, request.list, queryId), payBatchValueNano(request.payouts.length), request);
  }

  command(command: Command): SignedMessage {
    return this.sign(command.transfer, command);
  }

  private toDistribution(body: Transfer['body'], valueNano: bigint, validity: Validity): SignedMessage {
    // Bounceable: what the contract refuses comes back to the operator instead of staying there.
    return this.sign({ to: this.pool.distribution, valueNano, body, bounce: true }, validity);
  }

  private sign(transfer: Transfer, { seqno, validUntil }: Validity): SignedMessage {
    return signTransfer(this.#keys, transfer, seqno, validUntil);
  }
}
