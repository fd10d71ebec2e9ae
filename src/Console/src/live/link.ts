import { parseFrame, type Overview } from './wire';

/** The silo sends a frame a second; a link that is silent this long is dead even if the browser still calls it open. */
export const SILENCE_MS = 8_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 15_000;

/** The part of a WebSocket that the link uses, so that a test can stand in for the network. */
export interface Socket {
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  close(): void;
}

export interface LinkEvents {
  onFrame(frame: Overview): void;
  onLost(retryInMs: number): void;
  onTrying(): void;
}

export interface Link {
  /** Tries at once, for the button and for a browser that comes back online. */
  retryNow(): void;
  stop(): void;
}

/**
 * Delay before attempt `failures` (1 = first): doubling, at most 15 s, and spread over the upper half by `spread` in
 * [0, 1), so that the open consoles of a restarted silo do not all return in the same instant.
 */
export function retryDelayMs(failures: number, spread: number): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  return Math.round(full * (0.5 + spread / 2));
}

/** Keeps one socket to the silo open for as long as the page lives. */
export function openLink(open: () => Socket, events: LinkEvents, random: () => number = Math.random): Link {
  let socket: Socket | null = null;
  let failures = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;

  function connect() {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    events.onTrying();
    const current = open();
    socket = current;
    watchSilence();
    current.onmessage = ({ data }) => {
      // Any message proves that the link lives; only a known frame changes the page.
      failures = 0;
      watchSilence();
      const frame = parseFrame(data);
      if (frame) events.onFrame(frame);
    };
    current.onclose = lose;
  }

  function lose() {
    abandon();
    failures += 1;
    const delay = retryDelayMs(failures, random());
    retryTimer = setTimeout(connect, delay);
    events.onLost(delay);
  }

  /** Lets go of the socket before closing it, so that its late close event cannot start a second life. */
  function abandon() {
    clearTimeout(silenceTimer);
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
    socket = null;
  }

  function watchSilence() {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(lose, SILENCE_MS);
  }

  connect();
  return {
    retryNow() {
      if (retryTimer !== undefined) connect();
    },
    stop() {
      clearTimeout(retryTimer);
      retryTimer = undefined;
      abandon();
    },
  };
}
