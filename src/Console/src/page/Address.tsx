import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { friendlyAddress } from './friendlyAddress';
import { Copyable } from './Copyable';

/** The pool's network decides how an address is written: on the test network it carries the test-only flag. */
export const NetworkContext = createContext<string | null>(null);

export function Address({ of }: { of: string | null | undefined }) {
  const network = useContext(NetworkContext);
  if (!of) return <span class="missing">—</span>;
  return <Copyable what="participant address" value={friendlyAddress(of, network?.toLowerCase() === 'testnet')} />;
}
