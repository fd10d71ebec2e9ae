import { Address } from '@ton/core';
import { rawAddress } from '../wrappers/address.js';

const base = (endpoint: string) => endpoint.replace(/\/$/, '');

/** Only the local chain answers /dev, so its answer tells it apart from every real one. */
export async function isLocalChain(endpoint: string): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch(`${base(endpoint)}/dev/stats`, { signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    throw new Error(`no chain answers at ${endpoint}: ${(error as Error).message}`);
  }
  return response.ok;
}

/** Returns once the block with the coins is committed. */
export async function faucet(endpoint: string, to: Address, amountNano: bigint): Promise<void> {
  const response = await fetch(`${base(endpoint)}/dev/faucet`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(30_000),
    body: JSON.stringify({ address: rawAddress(to), amount_nano: amountNano.toString() }),
  });
  if (!response.ok) throw new Error(`the faucet refused: ${await response.text()}`);
}
