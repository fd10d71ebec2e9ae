import { Toncenter } from '../wrappers/toncenter.js';
import { broadcast } from './broadcast.js';
import { prepareClaim } from './claims.js';
import { COMMAND_NAMES, readCommand } from './commands.js';
import { Contracts } from './contracts.js';
import { EntryRules } from './entryRules.js';
import { SigningPolicy } from './policy.js';
import { Reader } from './reader.js';
import { outcomeOf } from './outcome.js';
import {
  Fields, hash, readAddressSegment, readBoc, readHashSegment, readOpenEpoch, readPayBatch, readWholeNumber,
} from './requests.js';
import { Signer } from './signer.js';
import { readProof, verifyProof } from './tonProof.js';

type Handler = (segments: readonly string[], query: URLSearchParams, body: Fields) => unknown;

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly handle: Handler;
}

export interface Rooms {
  readonly rules: EntryRules;
  readonly chain: Toncenter;
  readonly reader: Reader;
  readonly contracts: Contracts;
  readonly signer: Signer;
  readonly policy: SigningPolicy;
}

const MAX_LT = (1n << 64n) - 1n;
const signed = ({ boc, hash: messageHash }: { boc: Buffer; hash: string }) => ({ boc: boc.toString('base64'), hash: messageHash });
const get = (path: RegExp, handle: Handler): Route => ({ method: 'GET', path, handle });
const post = (path: RegExp, handle: Handler): Route => ({ method: 'POST', path, handle });

/** The whole HTTP interface as a table. */
export function routesOf(rooms: Rooms): readonly Route[] {
  return [...readRoutes(rooms), ...signRoutes(rooms), ...checkRoutes(rooms)];
}

function readRoutes({ chain, reader, contracts, policy }: Rooms): Route[] {
  return [
    get(/^\/health$/, () => reader.health()),
    get(/^\/v1\/signer$/, () => reader.signer()),
    get(/^\/v1\/policy$/, () => policy.counters()),
    get(/^\/v1\/distribution$/, () => reader.distributionState()),
    get(/^\/v1\/distribution\/epochs\/([^/]+)$/, ([number]) =>
      reader.epoch(Number(readWholeNumber('epoch', number ?? '', 0n, 0xffff_ffffn)))),
    get(/^\/v1\/pool-operator$/, () => contracts.pool()),
    get(/^\/v1\/registry$/, () => contracts.registryState()),
    get(/^\/v1\/stakes\/([^/]+)$/, ([participant]) => contracts.stake(readAddressSegment(participant ?? ''))),
    get(/^\/v1\/stakes\/([^/]+)\/movements$/, ([participant], query) => contracts.stakeWithMovements(
      readAddressSegment(participant ?? ''),
      readWholeNumber('after_lt', query.get('after_lt'), 0n, MAX_LT),
      Number(readWholeNumber('limit', query.get('limit'), 100n, 1_000n)))),
    get(/^\/v1\/stakes\/([^/]+)\/messages$/, ([participant], query) => contracts.stakeMessages(
      readAddressSegment(participant ?? ''), query.get('amount_nano') === null ? null : readWholeNumber('amount_nano', query.get('amount_nano'), 0n, MAX_LT))),
    get(/^\/v1\/vaults\/([^/]+)$/, ([worker]) => contracts.vault(Buffer.from(readHashSegment(worker ?? ''), 'hex'))),
    get(/^\/v1\/accounts\/([^/]+)$/, ([address]) => reader.account(readAddressSegment(address ?? ''))),
    get(/^\/v1\/accounts\/([^/]+)\/incoming$/, ([address], query) => reader.incoming(
      readAddressSegment(address ?? ''),
      readWholeNumber('after_lt', query.get('after_lt'), 0n, MAX_LT),
      Number(readWholeNumber('limit', query.get('limit'), 100n, 1_000n)))),
    get(/^\/v1\/messages\/([^/]+)$/, ([messageHash]) => outcomeOf(chain, reader, contracts, readHashSegment(messageHash ?? ''))),
  ];
}

function signRoutes({ chain, reader, contracts, signer, policy, rules }: Rooms): Route[] {
  return [
    post(/^\/v1\/sign\/open-epoch$/, (_, __, body) => {
      const request = readOpenEpoch(body);
      policy.allowOpenEpoch(request);
      return signed(signer.openEpoch(request));
    }),
    post(/^\/v1\/sign\/pay-batch$/, async (_, __, body) => {
      const request = readPayBatch(body, [contracts.distribution, contracts.registry, contracts.poolOperator]);
      const proven = await rules.prove(chain, reader, contracts, request.epoch, request.indexes, request.batch);
      // From here to the signature nothing waits, so that no other request comes between the decision and its memory.
      policy.allowPayBatch(request, proven);
      const message = signer.payBatch(request);
      policy.signedBatch(request, message.hash);
      return signed(message);
    }),
    ...COMMAND_NAMES.map(name => post(new RegExp(`^/v1/sign/${name}$`), async (_, __, body) => {
      const command = readCommand(name, body, contracts);
      if (name === 'withdraw-from-cocoon-wallet' && !await contracts.isWalletOf(readAddressSegment(String(body.wallet)), hash(body, 'worker')))
        throw policy.refuseDestination(`${String(body.wallet)} is no CocoonWallet whose owner is the vault of this worker`);
      const proven = command.releases ? await rules.prove(chain, reader, contracts, command.releases.epoch, command.releases.indexes, null) : null;
      if (command.releases && proven) policy.allowRelease(command.releases.epoch, command.releases.indexes, proven);
      policy.allowCommand(command);
      return signed(signer.command(command));
    })),
    post(/^\/v1\/broadcast$/, (_, __, body) => broadcast(chain, signer.address, readBoc(body))),
  ];
}

function checkRoutes({ chain, reader, contracts }: Rooms): Route[] {
  return [
    post(/^\/v1\/claims$/, (_, __, body) => prepareClaim(reader, body)),
    post(/^\/v1\/verify\/ton-proof$/, (_, __, body) => verifyProof(readProof(body), reader.connectNetwork, chain)),
    get(/^\/v1\/verify\/deployment$/, () => contracts.verification()),
  ];
}
