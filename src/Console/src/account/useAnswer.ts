import { useEffect, useState } from 'preact/hooks';
import { call, type Answer } from './session';

/** What the API answers to one question of the signed-in caller; null until it has. */
export function useAnswer<T>(path: string): Answer<T> | null {
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  useEffect(() => {
    let current = true;
    void call<T>('GET', path).then((given) => current && setAnswer(given));
    return () => void (current = false);
  }, [path]);
  return answer;
}
