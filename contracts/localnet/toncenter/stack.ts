import { Cell, TupleItem } from '@ton/core';

/** The stack of a get method as toncenter v2 writes it, and as its clients write arguments. */
export function stackToJson(items: readonly TupleItem[]): unknown[] {
  return items.map(item => {
    switch (item.type) {
      case 'int': return ['num', item.value < 0n ? `-0x${(-item.value).toString(16)}` : `0x${item.value.toString(16)}`];
      case 'null': return ['list', { '@type': 'tvm.list', elements: [] }];
      case 'cell': return ['cell', cellJson(item.cell)];
      case 'slice': return ['slice', cellJson(item.cell)];
      case 'builder': return ['builder', cellJson(item.cell)];
      case 'tuple': return ['tuple', { '@type': 'tvm.tuple', elements: item.items.map(elementJson) }];
      case 'nan': throw new Error('the get method returned NaN, which this API cannot say');
    }
  });
}

function elementJson(item: TupleItem): unknown {
  switch (item.type) {
    case 'int': return { '@type': 'tvm.stackEntryNumber', number: { '@type': 'tvm.numberDecimal', number: item.value.toString() } };
    case 'cell': return { '@type': 'tvm.stackEntryCell', cell: { '@type': 'tvm.cell', ...cellJson(item.cell) } };
    case 'slice': return { '@type': 'tvm.stackEntrySlice', slice: { '@type': 'tvm.slice', ...cellJson(item.cell) } };
    case 'null': return { '@type': 'tvm.stackEntryList', list: { '@type': 'tvm.list', elements: [] } };
    case 'tuple': return { '@type': 'tvm.stackEntryTuple', tuple: { '@type': 'tvm.tuple', elements: item.items.map(elementJson) } };
    default: throw new Error(`the get method returned a ${item.type} inside a tuple, which this API cannot say`);
  }
}

const cellJson = (cell: Cell) => ({ bytes: cell.toBoc().toString('base64') });

export function stackFromJson(entries: unknown): TupleItem[] {
  if (!Array.isArray(entries)) throw new Error('stack must be a list of [type, value] pairs');
  return entries.map((entry: unknown, position): TupleItem => {
    if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[1] !== 'string')
      throw new Error(`stack entry ${position} must be a pair such as ["num", "7"]`);
    const [type, value] = entry as [unknown, string];
    switch (type) {
      case 'num': return { type: 'int', value: integer(value, position) };
      case 'tvm.Cell': return { type: 'cell', cell: Cell.fromBase64(value) };
      case 'tvm.Slice': return { type: 'slice', cell: Cell.fromBase64(value) };
      case 'tvm.Builder': return { type: 'builder', cell: Cell.fromBase64(value) };
      default: throw new Error(`stack entry ${position} has type ${String(type)}: use num, tvm.Cell, tvm.Slice or tvm.Builder`);
    }
  });
}

function integer(text: string, position: number): bigint {
  try {
    return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  } catch {
    throw new Error(`stack entry ${position} is not a number: "${text}"`);
  }
}
