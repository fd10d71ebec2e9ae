import { Address, beginCell, storeStateInit } from '@ton/core';
import { sign } from '@ton/crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { proofHash } from '../gateway/tonProof.js';
import { parseAddress, rawAddress } from '../wrappers/address.js';
import { readKey, readOrCreateKey } from '../wrappers/keys.js';
import { commentBody, Transfer, walletOf } from '../wrappers/operatorWallet.js';
import { registerBody, REGISTRATION_FEES_NANO } from '../wrappers/participantRegistry.js';
import { sendAndWait } from '../wrappers/sendAndWait.js';
import { requestWithdrawalBody, stakeAddress } from '../wrappers/stakeAccount.js';
import { Toncenter } from '../wrappers/toncenter.js';

const USAGE = `usage:
  node build/tools/wallet.js create --keys DIR --name NAME
  node build/tools/wallet.js prove --keys DIR --name NAME --domain DOMAIN --payload TEXT
  node build/tools/wallet.js send --endpoint URL --keys DIR --name NAME --to ADDRESS --amount-nano N [--comment TEXT]
  node build/tools/wallet.js stake --endpoint URL --keys DIR --name NAME --registry ADDRESS --amount-nano N
  node build/tools/wallet.js unstake --endpoint URL --keys DIR --name NAME --registry ADDRESS --amount-nano N`;

/** Covers the fees of a request; the rest comes back. */
const REQUEST_VALUE_NANO = 50_000_000n;

const { values, positionals } = parseArgs({ allowPositionals: true, options: {
  keys: { type: 'string' }, name: { type: 'string' }, endpoint: { type: 'string' }, to: { type: 'string' },
  'amount-nano': { type: 'string' }, comment: { type: 'string' }, registry: { type: 'string' },
  domain: { type: 'string' }, payload: { type: 'string' },
} });

function required(name: 'keys' | 'name' | 'endpoint' | 'to' | 'amount-nano' | 'registry' | 'domain' | 'payload'): string {
  const value = values[name];
  if (!value) throw new Error(`--${name} is missing\n${USAGE}`);
  return value;
}

function keyFile(): string {
  const name = required('name');
  // The name becomes a file name; anything but a plain word could leave the folder.
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) throw new Error('--name must be 1 to 64 letters, digits, _ or -');
  return join(required('keys'), `${name}.key`);
}

async function create() {
  const { address } = walletOf((await readOrCreateKey(keyFile())).publicKey);
  // Not bounceable, because the wallet does not exist on the chain before its first send.
  return { name: required('name'), address: rawAddress(address), friendly: address.toString({ bounceable: false }) };
}

/** Answers a pool's challenge as TON Connect does: what `POST /auth/token` and the console's sign-in take. */
function prove() {
  const keys = readKey(keyFile());
  const wallet = walletOf(keys.publicKey);
  const [domain, payload, timestamp] = [required('domain'), required('payload'), Math.floor(Date.now() / 1000)];
  const digest = proofHash({ address: wallet.address, domain, payload, timestamp: BigInt(timestamp) });
  return {
    address: rawAddress(wallet.address),
    proof: {
      timestamp, domain: { lengthBytes: Buffer.byteLength(domain), value: domain }, payload, signature: sign(digest, keys.secretKey).toString('base64'),
      state_init: beginCell().store(storeStateInit(wallet.init)).endCell().toBoc().toString('base64'),
    },
  };
}

function amountNano(): bigint {
  const amount = required('amount-nano');
  if (!/^[1-9]\d{0,26}$/.test(amount)) throw new Error('--amount-nano must be a whole number of nanoTON above zero');
  return BigInt(amount);
}

async function transfer(transferOf: (wallet: Address) => Transfer) {
  const keys = readKey(keyFile());
  const found = await sendAndWait(new Toncenter(required('endpoint')), keys, transferOf(walletOf(keys.publicKey).address));
  return { tx_hash: found.hash, lt: found.transaction.lt.toString() };
}

const send = () => transfer(() => ({
  to: parseAddress(required('to')), valueNano: amountNano(), bounce: false, body: values.comment === undefined ? null : commentBody(values.comment),
}));

/** Opens the wallet's stake account, or adds to it. The amount is what becomes stake; the fees come on top. */
const stake = () => transfer(() => ({
  to: parseAddress(required('registry')), valueNano: amountNano() + REGISTRATION_FEES_NANO, bounce: true, body: registerBody(),
}));

/** Asks the wallet's stake account for a part of the stake or all of it. When the delay is over, the pool completes it. */
const unstake = () => transfer(wallet => ({
  to: stakeAddress(parseAddress(required('registry')), wallet), valueNano: REQUEST_VALUE_NANO, bounce: true, body: requestWithdrawalBody(amountNano()),
}));

async function run() {
  if (positionals.length === 1 && positionals[0] === 'create') return create();
  if (positionals.length === 1 && positionals[0] === 'prove') return prove();
  const command = positionals.length === 1 ? { send, stake, unstake }[positionals[0]!] : undefined;
  if (command) return command();
  throw new Error(USAGE);
}

run().then(result => console.log(JSON.stringify(result)), (error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
