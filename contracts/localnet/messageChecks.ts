import { Cell, loadMessage, Message } from '@ton/core';

/** What the network accepts from outside; the emulator alone would take anything. */
export const MAX_MESSAGE_BYTES = 65_535;
export const MAX_MESSAGE_CELLS = 8_192;
export const MAX_MESSAGE_DEPTH = 512;

export interface CheckedMessage {
  readonly cell: Cell;
  readonly message: Message;
  readonly destination: string;
  readonly hash: string;
}

/** Reads an external message and refuses, with the reason, whatever a real node would not let in. */
export function checkExternalMessage(boc: Buffer): CheckedMessage {
  if (boc.length > MAX_MESSAGE_BYTES)
    throw new Error(`the message has ${boc.length} bytes, the limit is ${MAX_MESSAGE_BYTES}`);
  const cell = parseSingleRoot(boc);
  // The depth comes first: it bounds the walk that counts the cells.
  if (cell.depth() > MAX_MESSAGE_DEPTH)
    throw new Error(`the message is ${cell.depth()} cells deep, the limit is ${MAX_MESSAGE_DEPTH}`);
  const cells = countCells(cell);
  if (cells > MAX_MESSAGE_CELLS)
    throw new Error(`the message has ${cells} cells, the limit is ${MAX_MESSAGE_CELLS}`);
  const message = parseMessage(cell);
  if (message.info.type !== 'external-in')
    throw new Error('only external-in messages come from outside');
  const { dest } = message.info;
  return { cell, message, destination: `${dest.workChain}:${dest.hash.toString('hex')}`, hash: cell.hash().toString('hex') };
}

function parseSingleRoot(boc: Buffer): Cell {
  let roots: Cell[];
  try {
    roots = Cell.fromBoc(boc);
  } catch (error) {
    throw new Error(`the bytes are not a bag of cells: ${(error as Error).message}`);
  }
  if (roots.length !== 1) throw new Error(`a message has one root cell, this bag has ${roots.length}`);
  return roots[0] as Cell;
}

function parseMessage(cell: Cell): Message {
  try {
    return loadMessage(cell.beginParse());
  } catch (error) {
    throw new Error(`the cell is not a message: ${(error as Error).message}`);
  }
}

function countCells(root: Cell): number {
  const seen = new Set<string>();
  const open = [root];
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    const key = cell.hash().toString('base64');
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...cell.refs);
  }
  return seen.size;
}
