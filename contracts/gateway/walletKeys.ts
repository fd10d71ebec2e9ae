import { Cell } from '@ton/core';
import { WalletContractV1R1, WalletContractV1R2, WalletContractV1R3, WalletContractV2R1, WalletContractV2R2, WalletContractV3R1, WalletContractV3R2, WalletContractV4, WalletContractV5Beta, WalletContractV5R1 } from '@ton/ton';

interface KnownWallet {
  readonly name: string;
  /** Bits before the public key in the wallet's data. */
  readonly keyOffset: number;
}

const ANY_KEY = Buffer.alloc(32);
const make = { workchain: 0, publicKey: ANY_KEY };

/** The allow-list of wallet codes whose data layout is known, by code hash. */
const KNOWN: ReadonlyMap<string, KnownWallet> = new Map(([
  ['v1r1', 32, WalletContractV1R1.create(make)],
  ['v1r2', 32, WalletContractV1R2.create(make)],
  ['v1r3', 32, WalletContractV1R3.create(make)],
  ['v2r1', 32, WalletContractV2R1.create(make)],
  ['v2r2', 32, WalletContractV2R2.create(make)],
  ['v3r1', 64, WalletContractV3R1.create(make)],
  ['v3r2', 64, WalletContractV3R2.create(make)],
  ['v4r2', 64, WalletContractV4.create(make)],
  ['v5beta', 33 + 80, WalletContractV5Beta.create(make)],
  ['v5r1', 1 + 32 + 32, WalletContractV5R1.create(make)],
] as const).map(([name, keyOffset, wallet]) => [wallet.init.code.hash().toString('hex'), { name, keyOffset }]));

/** The public key in the data of a wallet with known code; null if the code is not on the list or the data is short. */
export function keyOfWallet(code: Cell, data: Cell): { readonly wallet: string; readonly publicKey: Buffer } | null {
  const known = KNOWN.get(code.hash().toString('hex'));
  if (known === undefined) return null;
  const slice = data.beginParse();
  if (slice.remainingBits < known.keyOffset + 256) return null;
  return { wallet: known.name, publicKey: slice.skip(known.keyOffset).loadBuffer(32) };
}
