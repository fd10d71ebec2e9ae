import type { Identity } from '../account/session';
import type { Place } from '../account/place';
import type { LinkPhase } from '../live/state';
import type { Pool } from '../live/wire';
import { Badge } from './Badge';
import { ThemeToggle } from './ThemeToggle';

const LINK_WORDS: Record<LinkPhase, string> = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting' };

interface Props {
  pool: Pool | null;
  link: LinkPhase;
  place: Place;
  /** Undefined while it is not known. */
  identity: Identity | null | undefined;
}

export function Header({ pool, link, place, identity }: Props) {
  return (
    <header class="page-header">
      <div class="brand">
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
          <ellipse cx="16" cy="16" rx="8.5" ry="13" transform="rotate(32 16 16)" />
          <path d="M8.6 17.2c5.4 1.6 10.6.2 14.6-4.2M11.4 23c4.4.2 8.6-1.7 11.4-5.6M10.2 11.4c3.4.6 6.8-.4 9.6-3" />
        </svg>
        <h1>{pool?.name ?? 'Cocoon Pool'}</h1>
        {pool?.state && <Badge state={pool.state} />}
      </div>
      <div class="header-tools">
        <span class={`link-state link-${link}`}>
          <span class="dot" aria-hidden="true" />
          {LINK_WORDS[link]}
        </span>
        {place === 'account' ? (
          <a class="account-link" href="#">
            The pool
          </a>
        ) : (
          identity !== undefined && (
            <a class="account-link" href="#account">
              {identity === null ? 'Sign in' : 'Account'}
            </a>
          )
        )}
        <ThemeToggle />
      </div>
    </header>
  );
}
