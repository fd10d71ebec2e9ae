import { describe, expect, it } from 'vitest';
import { byAttention, matches } from './order';

describe('byAttention', () => {
  it('puts trouble first, then by id, and leaves the frame as it was', () => {
    const workers = ['active', 'quarantined', 'unheard_of', 'deactivated', 'inactive', 'active'].map((state, i) => ({ id: `w${9 - i}`, state }));
    const before = [...workers];
    expect(byAttention(workers).map((worker) => worker.id)).toEqual(['w8', 'w5', 'w4', 'w9', 'w7', 'w6']);
    expect(workers).toEqual(before);
  });
});

describe('matches', () => {
  const worker = { id: 'W-1', state: 'active', models: [{ name: 'Qwen/Qwen3-32B' }], hardware: null };

  it.each([['', true], ['w-1', true], ['QWEN', true], [' active ', true], ['llama', false]])('"%s" is %s', (text, found) => {
    expect(matches(worker, text)).toBe(found);
  });
});
