/** Codes of the API as words for people: `heartbeat_missed` reads "heartbeat missed". */
export function words(code: string): string {
  return code.replaceAll('_', ' ');
}

/** The ends of a long identifier; the middle tells people nothing and breaks narrow layouts. */
export function shortId(id: string, head = 10, tail = 4): string {
  return id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`;
}

/** A count grouped like the amounts; from a million on with one decimal and a unit, because nobody reads nine digits live. */
export function formatCount(count: number | null): string {
  if (count === null) return '—';
  if (Math.abs(count) >= 1e9) return `${(count / 1e9).toFixed(1)} bn`;
  if (Math.abs(count) >= 1e6) return `${(count / 1e6).toFixed(1)} M`;
  return Math.round(count).toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A rate with the digits that matter at its size. */
export function formatRate(rate: number | null): string {
  if (rate === null) return '—';
  return rate > 0 && rate < 10 ? rate.toFixed(1) : formatCount(rate);
}
