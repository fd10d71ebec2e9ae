import { Address, Cell, loadMessage } from '@ton/core';
import { ChainSaidNo, Toncenter } from '../wrappers/toncenter.js';
import { invalid } from './errors.js';

/**
 * Puts signed bytes on the chain. A refusal is an answer and not an error: the bytes may have landed already, or have
 * expired, and only the chain's state tells which.
 */
export async function broadcast(chain: Toncenter, operator: Address, cell: Cell) {
  requireOwnMessage(cell, operator);
  const hash = cell.hash().toString('hex');
  try {
    await chain.send(cell.toBoc());
    return { accepted: true, hash };
  } catch (error) {
    if (error instanceof ChainSaidNo) return { accepted: false, hash, reason: error.message };
    throw error;
  }
}

/** The gateway is no relay for other people's messages. */
function requireOwnMessage(cell: Cell, operator: Address): void {
  let info;
  try {
    ({ info } = loadMessage(cell.beginParse()));
  } catch (error) {
    throw invalid(`"boc" is not a message: ${(error as Error).message}`);
  }
  if (info.type !== 'external-in' || !info.dest.equals(operator))
    throw invalid('"boc" is not an external message to the operator wallet: broadcast what /v1/sign returned');
}
