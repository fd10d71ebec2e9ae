import { describe, expect, it } from 'vitest';
import { estimateShares } from './estimate';

const tally = (participant: string, tokens: number | string, gpu_seconds: number, tasks: number) => ({ participant, tokens, gpu_seconds, tasks });

describe('estimateShares', () => {
  it('splits evenly between equals, after the fee', () => {
    const shares = estimateShares([tally('a', 10, 5, 1), tally('b', 10, 5, 1)], '1000', 500);
    expect(shares).toEqual([{ ppm: 500_000n, nano: 475n }, { ppm: 500_000n, nano: 475n }]);
  });

  it('weighs tokens, GPU-seconds and tasks 5 : 2 : 2', () => {
    const shares = estimateShares([tally('a', 9, 0, 0), tally('b', 0, 9, 0), tally('c', 0, 0, 9)], '9000', 0);
    expect(shares.map((share) => share.nano)).toEqual([5000n, 2000n, 2000n]);
  });

  it('spreads the weight of a dimension that nobody has', () => {
    expect(estimateShares([tally('a', 3, 0, 0), tally('b', 1, 0, 0)], '400', 0).map((share) => share.nano)).toEqual([300n, 100n]);
  });

  it('never gives out more than there is', () => {
    const shares = estimateShares([1, 1, 1].map((n, i) => tally(`p${i}`, n, n, n)), '100', 0);
    expect(shares.reduce((sum, share) => sum + (share.nano ?? 0n), 0n)).toBeLessThanOrEqual(100n);
  });

  it('keeps every digit of counts beyond a double', () => {
    const shares = estimateShares([tally('a', '9007199254740993', 0, 0), tally('b', '9007199254740993', 0, 0)], '2', 0);
    expect(shares.map((share) => share.nano)).toEqual([1n, 1n]);
  });

  it("prefers the silo's own estimate", () => {
    expect(estimateShares([{ ...tally('a', 1, 1, 1), estimated_share_nano: '77' }], '100', 0)[0]?.nano).toBe(77n);
  });

  it('gives no amount without revenue or contributions', () => {
    expect(estimateShares([tally('a', 1, 1, 1)], null, 500)[0]?.nano).toBeNull();
    expect(estimateShares([tally('a', 0, 0, 0)], '100', 500)[0]).toEqual({ ppm: 0n, nano: null });
    expect(estimateShares([], '100', 500)).toEqual([]);
  });
});
