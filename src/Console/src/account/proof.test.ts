import { describe, expect, it } from 'vitest';
import { readProof } from './proof';
import { messageOf } from './session';

const inner = { timestamp: 1700000000, domain: { lengthBytes: 9, value: 'localhost' }, payload: 'p-1', signature: 'c2ln' };

describe('readProof', () => {
  it('reads what the wallet tool prints', () => {
    const read = readProof(JSON.stringify({ address: '0:aa', proof: { ...inner, state_init: 'te6' } }), 'p-1');
    expect(read).toEqual({ proof: { ...inner, state_init: 'te6' } });
  });

  it('reads what TON Connect hands to a page, with the state init beside the account', () => {
    const wallet = { account: { address: '0:aa', walletStateInit: 'te6' }, connectItems: { tonProof: { name: 'ton_proof', proof: inner } } };
    expect(readProof(JSON.stringify(wallet), 'p-1')).toEqual({ proof: { ...inner, state_init: 'te6' } });
  });

  it('takes a timestamp as text, and a proof without a state init', () =>
    expect(readProof(JSON.stringify({ ...inner, timestamp: '1700000000' }), 'p-1')).toEqual({ proof: { ...inner, timestamp: '1700000000', state_init: null } }));

  it('does not send the answer to another challenge', () => expect(readProof(JSON.stringify(inner), 'p-2')).toHaveProperty('problem'));

  it.each(['', '{', '[]', 'null', '"text"', '{"signature":"s"}', '{"signature":"s","payload":"p-1","domain":null}', `{"signature":"s","payload":"p-1","domain":{"value":"d","lengthBytes":1}}`])(
    'says what is wrong with %s',
    (text) => expect(readProof(text, 'p-1')).toHaveProperty('problem'),
  );
});

describe('messageOf', () => {
  it('takes the words of the API and nothing else', () => {
    expect(messageOf({ error: { message: 'Too many failed sign-ins.' } })).toBe('Too many failed sign-ins.');
    expect(messageOf({ error: { message: 7 } })).toBeNull();
    expect(messageOf(null)).toBeNull();
  });
});
