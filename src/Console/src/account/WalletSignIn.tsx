import { useState } from 'preact/hooks';
import { Copyable } from '../page/Copyable';
import { Field } from './Field';
import { Form } from './Form';
import { readProof } from './proof';
import { challenge, signInWallet, type Challenge, type Identity } from './session';

/**
 * A wallet proves itself in two steps: the pool asks, the wallet signs, the answer is pasted. Nothing is loaded from a wallet's
 * maker, so any wallet and any tool that speaks TON Connect's ton_proof will do.
 */
export function WalletSignIn({ onSignedIn }: { onSignedIn(identity: Identity): void }) {
  const [address, setAddress] = useState('');
  const [asked, setAsked] = useState<Challenge | null>(null);
  const [answer, setAnswer] = useState('');

  const ask = async () => {
    const given = await challenge(address.trim());
    if (!given.ok) return given.refusal.message;
    setAsked(given.body);
    return null;
  };
  const prove = async () => {
    const read = readProof(answer, asked?.payload ?? '');
    if ('problem' in read) return read.problem;
    const opened = await signInWallet(address.trim(), read.proof);
    if (!opened.ok) return opened.refusal.message;
    onSignedIn(opened.body);
    return null;
  };

  if (asked === null)
    return (
      <Form key="ask" action="Get the challenge" submit={ask}>
        <Field label="Wallet address" name="address" value={address} onValue={setAddress} mono hint="The wallet that takes part in the pool, as 0:… or UQ…." />
      </Form>
    );
  return (
    <Form key="prove" action="Sign in" submit={prove}>
      <div class="challenge">
        <p>
          Sign this with the wallet as a TON Connect proof for <code>{asked.domain}</code>, within five minutes:
        </p>
        <p>
          <Copyable what="payload" value={asked.payload} head={18} tail={8} />
        </p>
        <p class="field-hint">
          With a wallet of this checkout:{' '}
          <code class="command">
            node contracts/build/tools/wallet.js prove --keys DIR --name NAME --domain {asked.domain} --payload {asked.payload}
          </code>
        </p>
      </div>
      <Field label="The wallet's answer" name="answer" value={answer} onValue={setAnswer} lines={5} mono hint="JSON with the proof and the state init. It is good once." />
      <p>
        <button type="button" class="button" onClick={() => setAsked(null)}>
          Another address
        </button>
      </p>
    </Form>
  );
}
