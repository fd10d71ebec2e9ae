import { writeFileSync } from 'node:fs';
import { addressVectors } from './addressVectors.js';
import { contractVectors } from './contractVectors.js';
import { merkleVectors, payoutListVectors } from './vectors.js';

// The vectors are source, not build output, so they go next to this file's source and not under build/.
const folder = new URL('../../golden/', import.meta.url);

function write(name: string, value: unknown): void {
  writeFileSync(new URL(name, folder), JSON.stringify(value, null, 1) + '\n');
  console.log(`golden/${name} written`);
}

write('payout-lists.json', payoutListVectors());
write('merkle.json', merkleVectors());
write('addresses.json', addressVectors());
write('contracts.json', contractVectors());
