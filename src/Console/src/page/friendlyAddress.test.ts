import { describe, expect, it } from 'vitest';
import { friendlyAddress } from './friendlyAddress';

describe('friendlyAddress', () => {
  it('writes the forms that wallets write', () => {
    // The zero address and the elector, as public documents write them.
    const zero = `0:${'0'.repeat(64)}`;
    expect(friendlyAddress(zero, false)).toBe('UQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAJKZ');
    expect(friendlyAddress(`-1:${'3'.repeat(64)}`, false)).toBe('Uf8zMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMxYA');
    expect(friendlyAddress(zero, true).startsWith('0QAA')).toBe(true);
  });

  it.each(['UQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAJKZ', 'participant-a', '0:12'])('leaves %s alone', (text) => {
    expect(friendlyAddress(text, false)).toBe(text);
  });
});
