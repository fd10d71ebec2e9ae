import { useEffect, useState } from 'preact/hooks';

/** The two places of the console; the part behind # is the page's own and never reaches the silo. */
export type Place = 'pool' | 'account';

const read = (): Place => (location.hash === '#account' ? 'account' : 'pool');

export function usePlace(): Place {
  const [place, setPlace] = useState(read);
  useEffect(() => {
    const follow = () => setPlace(read());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return place;
}
