import { describe, expect, it } from 'vitest';
import { formatCount, formatRate, shortId, words } from './text';
import { formatAgo, formatDuration, formatUtc, parseTime } from './time';

describe('text', () => {
  it('reads codes as words', () => expect(words('missed_heart_beats')).toBe('missed heart beats'));

  it('shortens only what is long', () => {
    expect(shortId('worker-1')).toBe('worker-1');
    expect(shortId('abcdefghijklmnopqrstuvwxyz')).toBe('abcdefghij…wxyz');
  });

  it.each([
    [null, '—'],
    [0, '0'],
    [1234, '1,234'],
    [999_999, '999,999'],
    [12_345_678, '12.3 M'],
    [4_200_000_000, '4.2 bn'],
  ])('count %s reads %s', (count, text) => expect(formatCount(count)).toBe(text));

  it.each([
    [null, '—'],
    [0, '0'],
    [0.25, '0.3'],
    [42.4, '42'],
  ])('rate %s reads %s', (rate, text) => expect(formatRate(rate)).toBe(text));
});

describe('time', () => {
  it.each([
    [-5, '0 s'],
    [8_900, '8 s'],
    [725_000, '12 min 05 s'],
    [3_600_000 * 5 + 60_000 * 7, '5 h 07 min'],
    [86_400_000 * 3 + 3_600_000 * 4, '3 d 04 h'],
  ])('%s ms reads %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('forgives a heartbeat from the near future', () => {
    expect(formatAgo(1_500, 1_000)).toBe('just now');
    expect(formatAgo(1_000, 9_000)).toBe('8 s ago');
    expect(formatAgo(null, 0)).toBe('never');
  });

  it('reads and writes UTC', () => {
    expect(formatUtc(parseTime('2026-11-16T00:00:00Z'))).toBe('2026-11-16 00:00 UTC');
    expect(parseTime('soon')).toBeNull();
    expect(parseTime(null)).toBeNull();
  });
});
