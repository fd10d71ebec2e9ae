import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLink, retryDelayMs, SILENCE_MS, type Socket } from './link';

class FakeSocket implements Socket {
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  closed = false;
  close() {
    this.closed = true;
  }
  say(data: string) {
    this.onmessage?.({ data } as MessageEvent);
  }
  drop() {
    this.onclose?.({} as CloseEvent);
  }
}

function start() {
  const sockets: FakeSocket[] = [];
  const events = { onFrame: vi.fn(), onLost: vi.fn(), onTrying: vi.fn() };
  const link = openLink(
    () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    events,
    () => 0.999,
  );
  return { sockets, events, link, last: () => sockets.at(-1) as FakeSocket };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('link', () => {
  it('hands on overview frames and ignores the others', () => {
    const { last, events } = start();
    last().say('{"type":"overview"}');
    last().say('{"type":"something-new"}');
    expect(events.onFrame).toHaveBeenCalledTimes(1);
  });

  it('reconnects after a close, waiting longer each time', () => {
    const { sockets, last, events } = start();
    last().drop();
    vi.advanceTimersByTime(1_000);
    expect(sockets).toHaveLength(2);
    last().drop();
    vi.advanceTimersByTime(1_000);
    expect(sockets).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(sockets).toHaveLength(3);
    expect(events.onLost).toHaveBeenCalledTimes(2);
  });

  it('starts again with the short delay after a message', () => {
    const { last, events } = start();
    last().drop();
    vi.advanceTimersByTime(1_000);
    last().say('{"type":"overview"}');
    last().drop();
    expect(events.onLost.mock.calls[1]).toEqual(events.onLost.mock.calls[0]);
  });

  it('gives up a socket that fell silent, and its late close does nothing', () => {
    const { sockets, last, events } = start();
    const silent = last();
    vi.advanceTimersByTime(SILENCE_MS);
    expect(silent.closed).toBe(true);
    expect(silent.onclose).toBeNull();
    vi.advanceTimersByTime(1_000);
    expect(sockets).toHaveLength(2);
    expect(events.onLost).toHaveBeenCalledTimes(1);
  });

  it('tries at once when asked, and only while it waits', () => {
    const { sockets, last, link } = start();
    link.retryNow();
    expect(sockets).toHaveLength(1);
    last().drop();
    link.retryNow();
    expect(sockets).toHaveLength(2);
    vi.advanceTimersByTime(2_000);
    expect(sockets).toHaveLength(2);
  });

  it('stays closed after stop', () => {
    const { sockets, last, link } = start();
    last().drop();
    link.stop();
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
  });
});

describe('retryDelayMs', () => {
  it('doubles up to 15 seconds and spreads over the upper half', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((n) => retryDelayMs(n, 1))).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    expect(retryDelayMs(1, 0)).toBe(500);
  });
});
