import { useEffect, useState } from 'preact/hooks';

/** The browser's clock, once a second: "ago" and countdowns must go on when frames do not. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
