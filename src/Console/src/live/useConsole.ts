import { useEffect, useReducer, useRef } from 'preact/hooks';
import { openLink, type Link } from './link';
import { firstFill, readSolvency, SOLVENCY_EVERY_MS } from './rest';
import { initialState, reduce, type State } from './state';

/** Joins the pure state to the network for the life of the page. */
export function useConsole(): { state: State; retryNow: () => void } {
  const [state, dispatch] = useReducer(reduce, initialState);
  const link = useRef<Link | null>(null);

  useEffect(() => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const readByRest = () => void Promise.all([firstFill(dispatch), readSolvency(dispatch)]);
    let wasLost = false;
    const opened = openLink(() => new WebSocket(`${scheme}://${location.host}/ws/events`), {
      onFrame: (frame) => {
        dispatch({ type: 'frame', frame, atMs: Date.now() });
        // What REST could not answer while the silo was away is asked again when it is back.
        if (wasLost) readByRest();
        wasLost = false;
      },
      onLost: (retryInMs) => {
        wasLost = true;
        dispatch({ type: 'link-lost', retryAtMs: Date.now() + retryInMs });
      },
      onTrying: () => dispatch({ type: 'link-trying' }),
    });
    link.current = opened;
    readByRest();
    const solvencyTimer = setInterval(() => void readSolvency(dispatch), SOLVENCY_EVERY_MS);
    const retry = () => opened.retryNow();
    addEventListener('online', retry);
    return () => {
      opened.stop();
      clearInterval(solvencyTimer);
      removeEventListener('online', retry);
    };
  }, []);

  return { state, retryNow: () => link.current?.retryNow() };
}
