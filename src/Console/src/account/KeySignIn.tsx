import { useState } from 'preact/hooks';
import { Field } from './Field';
import { Form } from './Form';
import { signInKey, type Identity } from './session';

export function KeySignIn({ onSignedIn }: { onSignedIn(identity: Identity): void }) {
  const [key, setKey] = useState('');
  const submit = async () => {
    const answer = await signInKey(key.trim());
    if (!answer.ok) return answer.refusal.message;
    onSignedIn(answer.body);
    return null;
  };
  return (
    <Form action="Use this key" submit={submit}>
      <Field label="API key" name="key" type="password" value={key} onValue={setKey} mono hint="Clients look at their balance and usage with it. It stays in this page and is forgotten when you leave." />
    </Form>
  );
}
