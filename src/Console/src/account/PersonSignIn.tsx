import { useState } from 'preact/hooks';
import { Field } from './Field';
import { Form } from './Form';
import { signInPerson, type Identity } from './session';

export function PersonSignIn({ onSignedIn }: { onSignedIn(identity: Identity): void }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const submit = async () => {
    const answer = await signInPerson(username.trim(), password, code.trim());
    // A code is good once, so a failed one is never sent again.
    setCode('');
    if (!answer.ok) return answer.refusal.message;
    onSignedIn(answer.body);
    return null;
  };
  return (
    <Form action="Sign in" submit={submit}>
      <Field label="Username" name="username" value={username} onValue={setUsername} autocomplete="username" />
      <Field label="Password" name="password" type="password" value={password} onValue={setPassword} autocomplete="current-password" />
      <Field label="One-time code" name="code" value={code} onValue={setCode} autocomplete="one-time-code" mono hint="Six digits from your app, or one of your recovery codes." />
    </Form>
  );
}
