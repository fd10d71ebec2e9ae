import { Cell } from '@ton/core';

/**
 * JSON of which equal values have equal bytes: keys in the order of their code points, no spaces, numbers of any size as decimal text, cells
 * as base64, so that two exports can be compared by their hashes.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'bigint') return JSON.stringify(value.toString());
  if (value instanceof Cell) return JSON.stringify(value.toBoc().toString('base64'));
  if (value instanceof Map) return object([...value].map(([key, each]) => [String(key), each as unknown]));
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) return object(Object.entries(value).filter(([, each]) => each !== undefined));
  return JSON.stringify(value);
}

function object(members: readonly [string, unknown][]): string {
  const sorted = [...members].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  return `{${sorted.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`;
}
