import { describe, expect, it } from 'vitest';
import { estimateTon, formatPpm, formatTon, parseNano, sumNano, tonDigits } from './nano';

describe('parseNano', () => {
  it('reads decimal strings of any length', () => {
    expect(parseNano('0')).toBe(0n);
    expect(parseNano('-7')).toBe(-7n);
    expect(parseNano('170141183460469231731687303715884105727')).toBe(170141183460469231731687303715884105727n);
  });

  it.each([[null], [undefined], [''], ['1.5'], ['1e9'], ['0x10'], [' 1'], [12], [{}]])('refuses %j', (value) => {
    expect(parseNano(value)).toBeNull();
  });
});

describe('formatTon', () => {
  it.each([
    [0n, '0'],
    [1n, '0.000000001'],
    [999_999_999n, '0.999999999'],
    [1_000_000_000n, '1'],
    [1_500_000_000n, '1.5'],
    [1_234_567_890_123_456_789n, '1,234,567,890.123456789'],
    [-2_050_000_000n, '−2.05'],
    [-1n, '−0.000000001'],
  ])('%s nanoTON is %s TON', (nano, text) => {
    expect(formatTon(nano)).toBe(text);
  });

  it('keeps every digit where a double would not', () => {
    // 2^53 + 1 nanoTON is the first amount that a double cannot hold.
    expect(formatTon(9_007_199_254_740_993n)).toBe('9,007,199.254740993');
  });
});

describe('tonDigits', () => {
  it('pads to nine decimals so that columns align', () => {
    for (const nano of [0n, 5n, 1_500_000_000n, 123_456_789n]) {
      const { significant, padding } = tonDigits(nano);
      expect((significant + padding).length).toBe(9);
      expect(padding).toMatch(/^0*$/);
    }
  });

  it('gives back the amount', () => {
    const { whole, significant, padding } = tonDigits(9_876_543_210_012_345_600n);
    expect(BigInt(whole.replaceAll(',', '') + significant + padding)).toBe(9_876_543_210_012_345_600n);
  });
});

describe('estimateTon', () => {
  it.each([
    [115_935_400_460n, '≈ 115.9354'],
    [99_999n, '≈ 0'],
    [2_000_000_000n, '≈ 2'],
  ])('%s nanoTON is %s', (nano, text) => expect(estimateTon(nano)).toBe(text));
});

describe('sumNano', () => {
  it('adds exactly', () => {
    expect(sumNano(['9007199254740993', '1', '2'])).toBe(9_007_199_254_740_996n);
    expect(sumNano([])).toBe(0n);
  });

  it('gives no total when one line is unreadable', () => {
    expect(sumNano(['1', null])).toBeNull();
  });
});

describe('formatPpm', () => {
  it.each([
    [1_000_000n, '100.00 %'],
    [999_999n, '99.99 %'],
    [1_042_517n, '104.25 %'],
    [12_345_678_900n, '1,234,567.89 %'],
    [0n, '0.00 %'],
  ])('%s ppm reads %s', (ppm, text) => {
    expect(formatPpm(ppm)).toBe(text);
  });
});
