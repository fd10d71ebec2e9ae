import { readFileSync } from 'node:fs';
import { Cell } from '@ton/core';

export const CONTRACTS = ['PoolOperator', 'ParticipantRegistry', 'StakeAccount', 'RewardDistribution', 'WorkerVault'] as const;
export type ContractName = (typeof CONTRACTS)[number];

const loaded = new Map<ContractName, Cell>();

/** The compiled code of a contract; `npm run build` writes it. */
export function codeOf(name: ContractName): Cell {
  const known = loaded.get(name);
  if (known) return known;
  const file = JSON.parse(readFileSync(new URL(`../${name}.json`, import.meta.url), 'utf8')) as { code: string };
  const code = Cell.fromBase64(file.code);
  loaded.set(name, code);
  return code;
}

export function codeHashOf(name: ContractName): string {
  return codeOf(name).hash().toString('hex');
}
