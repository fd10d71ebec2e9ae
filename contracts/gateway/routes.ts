import { Toncenter } from '../wrappers/toncenter.js';
import { broadcast } from './broadcast.js';
import { SigningPolicy } from './policy.js';
import { Reader } from './reader.js';
import { outcomeOf } from './outcome.js';
import {
  readAddressSegment, readBoc, readHashSegment, readOpenEpoch, readPayBatch, readWholeNumber,
} from './requests.js';
import { Signer } from './signer.js';
import { readProof, verifyProof } from './tonProof.js';

type Body = Readonly<Record<string, unknown>>;
type Handler = (segments: readonly string[], query: URLSearchParams, body: Body) => unknown;

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly handle: Handler;
}

export interface Rooms {
  readonly chain: Toncenter;
  readonly reader: Reader;
  readonly signer: Signer;
  readonly policy: SigningPolicy;
}

const MAX_LT = (1n << 64n) - 1n;
const signed = ({ boc, hash }: { boc: Buffer; hash: string }) => ({ boc: boc.toString('base64'), hash });

/** The whole HTTP interface as a table. */
export function routesOf({ chain, reader, signer, policy }: Rooms): readonly Route[] {
  const get = (path: RegExp, handle: Handler): Route => ({ method: 'GET', path, handle });
  const post = (path: RegExp, handle: Handler): Route => ({ method: 'POST', path, handle });
  return [
    get(/^\/health$/, () => reader.health()),
    get(/^\/v1\/signer$/, () => reader.signer()),
    get(/^\/v1\/policy$/, () => policy.counters()),
    get(/^\/v1\/distribution$/, () => reader.distributionState()),
    get(/^\/v1\/distribution\/epochs\/([^/]+)$/, ([number]) =>
      reader.epoch(Number(readWholeNumber('epoch', number ?? '', 0n, 0xffff_ffffn)))),
    get(/^\/v1\/accounts\/([^/]+)$/, ([address]) => reader.account(readAddressSegment(address ?? ''))),
    get(/^\/v1\/accounts\/([^/]+)\/incoming$/, ([address], query) => reader.incoming(
      readAddressSegment(address ?? ''),
      readWholeNumber('after_lt', query.get('after_lt'), 0n, MAX_LT),
      Number(readWholeNumber('limit', query.get('limit'), 100n, 1_000n)))),
    get(/^\/v1\/messages\/([^/]+)$/, ([hash]) => outcomeOf(chain, reader, readHashSegment(hash ?? ''))),
    post(/^\/v1\/sign\/open-epoch$/, (_, __, body) => {
      const request = readOpenEpoch(body);
      policy.allowOpenEpoch(request);
      return signed(signer.openEpoch(request));
    }),
    post(/^\/v1\/sign\/pay-batch$/, (_, __, body) => {
      const request = readPayBatch(body);
      policy.allowPayBatch(request);
      return signed(signer.payBatch(request));
    }),
    post(/^\/v1\/verify\/ton-proof$/, (_, __, body) => verifyProof(readProof(body), reader.connectNetwork, chain)),
    post(/^\/v1\/broadcast$/, (_, __, body) => broadcast(chain, signer.address, readBoc(body))),
  ];
}
