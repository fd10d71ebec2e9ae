import { Address } from '@ton/core';
import { rawAddress } from '../wrappers/address.js';
import { sampleAddress } from './vectors.js';

function validVector(name: string, address: Address) {
  const form = (bounceable: boolean, testOnly: boolean, urlSafe = true) =>
    address.toString({ bounceable, testOnly, urlSafe });
  return {
    name,
    raw: rawAddress(address),
    workchain: address.workChain,
    hash: address.hash.toString('hex'),
    bounceable: form(true, false),
    non_bounceable: form(false, false),
    test_bounceable: form(true, true),
    test_non_bounceable: form(false, true),
    bounceable_not_url_safe: form(true, false, false),
    non_bounceable_not_url_safe: form(false, false, false),
  };
}

/** A friendly form with a correct checksum around chosen tag and workchain bytes. */
function friendlyWith(tag: number, workchain: number, hash: Buffer): string {
  const head = Buffer.concat([Buffer.from([tag, workchain]), hash]);
  let crc = 0;
  for (const byte of head) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return Buffer.concat([head, Buffer.from([crc >> 8, crc & 0xff])]).toString('base64url');
}

function invalidVectors(sample: Address) {
  const good = sample.toString({ bounceable: true });
  const hex = sample.hash.toString('hex');
  return [
    { input: '', reason: 'empty' },
    { input: good.slice(0, 47), reason: 'friendly form one character short' },
    { input: good + 'A', reason: 'friendly form one character long' },
    { input: good.slice(0, 10) + (good[10] === 'A' ? 'B' : 'A') + good.slice(11), reason: 'wrong checksum' },
    { input: good.slice(0, 20) + '*' + good.slice(21), reason: 'character outside base64' },
    { input: friendlyWith(0x12, 0, sample.hash), reason: 'unknown tag byte' },
    { input: friendlyWith(0x11, 5, sample.hash), reason: 'workchain 5 does not exist' },
    { input: `0:${hex.slice(0, 63)}`, reason: 'raw hash of 63 digits' },
    { input: `0:${hex}0`, reason: 'raw hash of 65 digits' },
    { input: `0:${hex.slice(0, 63)}g`, reason: 'raw hash with a letter that is not hex' },
    { input: `1:${hex}`, reason: 'workchain 1 does not exist' },
    { input: `00:${hex}`, reason: 'workchain with a leading zero' },
    { input: `:${hex}`, reason: 'no workchain' },
    { input: ` 0:${hex}`, reason: 'leading space' },
    { input: hex, reason: 'hash without a workchain' },
  ];
}

export function addressVectors() {
  const zero = new Address(0, Buffer.alloc(32));
  const masterchainZero = new Address(-1, Buffer.alloc(32));
  const full = new Address(0, Buffer.alloc(32, 0xff));
  return {
    valid: [
      validVector('all zero', zero),
      validVector('masterchain all zero', masterchainZero),
      validVector('all ones', full),
      ...[0, 1, 2, 3, 4].map(i => validVector(`account ${i}`, sampleAddress(`account ${i}`))),
      validVector('masterchain account', sampleAddress('masterchain account', -1)),
    ],
    invalid: invalidVectors(sampleAddress('account 0')),
  };
}
