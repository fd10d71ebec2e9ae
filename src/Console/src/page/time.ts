const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds since the Unix epoch of an ISO 8601 time; null when it is missing or unreadable. */
export function parseTime(text: string | null | undefined): number | null {
  const ms = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** A length of time in its two largest units: `3 d 04 h`, `12 min 05 s`, `8 s`. */
export function formatDuration(ms: number): string {
  const rest = Math.max(0, ms);
  const two = (value: number) => Math.floor(value).toString().padStart(2, '0');
  if (rest >= DAY) return `${Math.floor(rest / DAY)} d ${two((rest % DAY) / HOUR)} h`;
  if (rest >= HOUR) return `${Math.floor(rest / HOUR)} h ${two((rest % HOUR) / MINUTE)} min`;
  if (rest >= MINUTE) return `${Math.floor(rest / MINUTE)} min ${two((rest % MINUTE) / SECOND)} s`;
  return `${Math.floor(rest / SECOND)} s`;
}

/** How long ago something was. Clocks differ by a moment; a heartbeat from the near future is one from just now. */
export function formatAgo(thenMs: number | null, nowMs: number): string {
  if (thenMs === null) return 'never';
  const elapsed = nowMs - thenMs;
  return elapsed < SECOND ? 'just now' : `${formatDuration(elapsed)} ago`;
}

/** Minute-precise UTC, the time zone in which epochs begin and end. */
export function formatUtc(ms: number | null): string {
  return ms === null ? '—' : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
