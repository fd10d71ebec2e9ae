import { useEffect, useState } from 'preact/hooks';
import { resume, type Identity } from './session';

/** Who is signed in; null for nobody, undefined while that is not known yet. */
export function useIdentity(): [Identity | null | undefined, (identity: Identity | null) => void] {
  const [identity, setIdentity] = useState<Identity | null | undefined>(undefined);
  useEffect(() => {
    void resume().then(setIdentity);
  }, []);
  return [identity, setIdentity];
}
