import { useEffect, useRef, useState } from 'preact/hooks';
import { Address } from '../page/Address';
import { Badge } from '../page/Badge';
import { ClientFigures } from './ClientFigures';
import { OpenApprovals } from './OpenApprovals';
import { OwnEarnings } from './OwnEarnings';
import { signOut, type Identity } from './session';

/** Who is signed in, how to leave, and the first thing that each comes to look at. */
export function AccountPanel({ identity, onSignedOut }: { identity: Identity; onSignedOut(): void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const leave = async (everywhere: boolean) => {
    const answer = await signOut(everywhere);
    if (answer.ok) onSignedOut();
    else setProblem(answer.refusal.message);
  };
  const heading = useRef<HTMLHeadingElement>(null);
  // The form that had the focus is gone; whoever does not see the page hears who they are now.
  useEffect(() => heading.current?.focus(), []);
  const isParticipant = identity.role === 'participant';
  return (
    <section class="panel account account-wide" aria-labelledby="account-title">
      <div class="panel-head">
        <h2 id="account-title" ref={heading} tabIndex={-1}>{isParticipant ? <Address of={identity.subject} /> : identity.subject}</h2>
        <Badge state={identity.role} tone="busy" />
        <span class="quiet">{identity.by === 'key' ? 'by API key' : 'signed in'}</span>
      </div>
      {isParticipant && <OwnEarnings address={identity.subject} />}
      {identity.role === 'client' && <ClientFigures />}
      {['pool-admin', 'operator', 'security', 'support', 'auditor', 'developer'].includes(identity.role) && <OpenApprovals />}
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="leave">
        <button type="button" class="button" onClick={() => void leave(false)}>
          {identity.by === 'key' ? 'Forget the key' : 'Sign out'}
        </button>
        {identity.by === 'session' && (
          <button type="button" class="button" onClick={() => void leave(true)}>
            Sign out everywhere
          </button>
        )}
      </div>
    </section>
  );
}
