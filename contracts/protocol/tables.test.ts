import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ExitCode, explainExitCode } from '../wrappers/exitCodes.js';
import { Op } from '../wrappers/operations.js';

const root = new URL('../../', import.meta.url);
const textOf = (folder: string, extension: string) => readdirSync(new URL(`${folder}/`, root)).filter(name => name.endsWith(extension))
  .map(name => readFileSync(new URL(`${folder}/${name}`, root), 'utf8')).join('\n');
const tolk = ['protocol', 'operator', 'registry', 'stake', 'distribution', 'vault'].map(folder => textOf(folder, '.tolk')).join('\n');
const schemes = textOf('schemes', '.tlb');

test('contracts, schemes and wrappers have the same op codes, each once', () => {
  const inTolk = [...tolk.matchAll(/struct \((0x[0-9a-f]{8})\) (\w+)/g)].map(m => [m[2], Number(m[1])] as const);
  assert.deepEqual(Object.fromEntries(inTolk), Op);
  assert.equal(new Set(inTolk.map(([, code]) => code)).size, inTolk.length, 'no op code has two meanings');
  assert.equal(inTolk.length, Object.keys(Op).length, 'no message is declared twice');
  for (const [name, code] of Object.entries(Op))
    assert.match(schemes, new RegExp(`#${code.toString(16).padStart(8, '0')} `), `${name} is in a scheme`);
});

test('contracts and wrappers have the same exit codes, each explained and each used', () => {
  const inTolk = [...tolk.matchAll(/const (ERROR_\w+)\s*= (\d+)/g)].map(m => [m[1]!, Number(m[2])] as const);
  assert.deepEqual(inTolk.map(([, code]) => code).sort(), Object.values(ExitCode).sort());
  for (const [name, code] of inTolk) {
    assert.ok(tolk.split(name).length > 2, `${name} is used somewhere`);
    assert.doesNotMatch(explainExitCode(code), /see the exit codes/);
  }
});

test('error numbers stand in one table only', () => {
  for (const match of tolk.matchAll(/throw (\S+?)[;\s]/g)) assert.doesNotMatch(match[1]!, /^\d/, 'errors are thrown by name');
});
