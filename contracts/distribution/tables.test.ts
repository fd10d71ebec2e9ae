import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Op } from '../wrappers/operations.js';
import { ExitCode, explainExitCode } from '../wrappers/exitCodes.js';

const root = new URL('../../', import.meta.url);
const tolk = readdirSync(new URL('distribution/', root)).filter(name => name.endsWith('.tolk'))
  .map(name => readFileSync(new URL(`distribution/${name}`, root), 'utf8')).join('\n');
const scheme = readFileSync(new URL('schemes/distribution.tlb', root), 'utf8');

test('contract, scheme and wrappers have the same op codes', () => {
  const inTolk = Object.fromEntries([...tolk.matchAll(/struct \((0x[0-9a-f]+)\) (\w+)/g)].map(m => [m[2], Number(m[1])]));
  const { CocoonPayout, ...own } = Op;
  assert.deepEqual(inTolk, own);
  for (const code of [...Object.values(own), CocoonPayout]) assert.match(scheme, new RegExp(`#${code.toString(16)} `));
});

test('contract and wrappers have the same exit codes, each explained and each used', () => {
  const inTolk = [...tolk.matchAll(/const (ERROR_\w+)\s*= (\d+)/g)].map(m => [m[1]!, Number(m[2])] as const);
  assert.deepEqual(inTolk.map(([, code]) => code).sort(), Object.values(ExitCode).sort());
  for (const [name, code] of inTolk) {
    assert.match(tolk, new RegExp(`throw ${name}`), `${name} is thrown somewhere`);
    assert.doesNotMatch(explainExitCode(code), /see the exit codes/);
  }
});
