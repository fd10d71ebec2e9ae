import { useState } from 'preact/hooks';
import { KeySignIn } from './KeySignIn';
import { PersonSignIn } from './PersonSignIn';
import type { Identity } from './session';
import { WalletSignIn } from './WalletSignIn';

const WAYS = [
  { id: 'person', name: 'Operators', form: PersonSignIn },
  { id: 'wallet', name: 'Participants', form: WalletSignIn },
  { id: 'key', name: 'API key', form: KeySignIn },
] as const;

/** Three ways in. Radio buttons, so that the arrow keys move between them and screen readers say how many there are. */
export function SignIn({ onSignedIn }: { onSignedIn(identity: Identity): void }) {
  const [way, setWay] = useState<(typeof WAYS)[number]['id']>('person');
  const Chosen = WAYS.find((each) => each.id === way)!.form;
  return (
    <section class="panel account" aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">Sign in</h2>
      <fieldset class="ways">
        <legend class="visually-hidden">How do you sign in?</legend>
        {WAYS.map(({ id, name }) => (
          <label key={id}>
            <input class="visually-hidden" type="radio" name="way" checked={way === id} onChange={() => setWay(id)} />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      <Chosen onSignedIn={onSignedIn} />
    </section>
  );
}
