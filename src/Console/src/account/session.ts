/**
 * Who this page speaks for. A person's or a wallet's session lives in cookies that no script can read; the page holds the
 * token against forged requests, in memory. An API key lives in memory alone and is gone with the page.
 */
export interface Identity {
  role: string;
  subject: string;
  /** What came in: a session can be ended, a key is only forgotten. */
  by: 'session' | 'key';
}

export interface Refusal {
  status: number;
  message: string;
}

export type Answer<T> = { ok: true; body: T } | { ok: false; refusal: Refusal };

/** Says that there may be a session, so that strangers' pages ask for none. It opens nothing. */
const HINT = 'cocoon-session';
const UNREACHABLE: Refusal = { status: 0, message: 'The silo does not answer; try again.' };

interface SessionBody {
  role: string;
  subject: string;
  csrf_token: string | null;
}

let csrf: string | null = null;
let key: string | null = null;

/** One call of the API as whoever is signed in. A session whose hour is over is renewed once. */
export async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer<T>> {
  const answer = await send<T>(method, path, body);
  if (answer.ok || answer.refusal.status !== 401 || key !== null || !hinted()) return answer;
  return (await renew()) ? send<T>(method, path, body) : answer;
}

/** The identity of the session that the browser still has, or null. */
export async function resume(): Promise<Identity | null> {
  if (!hinted()) return null;
  const answer = await call<SessionBody>('GET', '/auth/session');
  if (answer.ok) return identity(answer.body, 'session');
  if (answer.refusal.status === 401) hint(false);
  return null;
}

export async function signInPerson(username: string, password: string, code: string): Promise<Answer<Identity>> {
  // A code of six digits is the app's; everything else can only be one of the recovery codes.
  const second = /^\d{6}$/.test(code) ? { totp: code } : { recovery_code: code };
  return opened(await send('POST', '/auth/operator', { username, password, ...second, cookie: true }));
}

export interface Challenge {
  payload: string;
  domain: string;
  expires_at: string;
}

export const challenge = (address: string): Promise<Answer<Challenge>> => send('POST', '/auth/challenge', { wallet_address: address });

export async function signInWallet(address: string, proof: unknown): Promise<Answer<Identity>> {
  return opened(await send('POST', '/auth/token', { wallet_address: address, proof, cookie: true }));
}

export async function signInKey(candidate: string): Promise<Answer<Identity>> {
  key = candidate;
  const answer = await send<SessionBody>('GET', '/auth/session');
  if (!answer.ok) key = null;
  return answer.ok ? { ok: true, body: identity(answer.body, 'key') } : answer;
}

/** Ends the session, or every session of the same person or wallet; a key is only forgotten. */
export async function signOut(everywhere: boolean): Promise<Answer<unknown>> {
  if (key !== null) {
    key = null;
    return { ok: true, body: null };
  }
  const answer = await call('POST', everywhere ? '/auth/logout-all' : '/auth/logout', {});
  if (answer.ok || answer.refusal.status === 401) {
    csrf = null;
    hint(false);
    return { ok: true, body: null };
  }
  return answer;
}

async function opened(answer: Answer<{ csrf_token: string }>): Promise<Answer<Identity>> {
  if (!answer.ok) return answer;
  csrf = answer.body.csrf_token;
  hint(true);
  const session = await send<SessionBody>('GET', '/auth/session');
  // The sign-in was good and the session is not there: this browser threw the cookies away.
  if (!session.ok && session.refusal.status === 401)
    return { ok: false, refusal: { status: 401, message: 'This browser keeps no cookies from this address. They need https, or localhost.' } };
  return session.ok ? { ok: true, body: identity(session.body, 'session') } : session;
}

function identity(body: SessionBody, by: Identity['by']): Identity {
  csrf = body.csrf_token;
  return { role: body.role, subject: body.subject, by };
}

async function renew(): Promise<boolean> {
  const answer = await send<{ csrf_token: string }>('POST', '/auth/refresh', {});
  if (answer.ok) csrf = answer.body.csrf_token;
  else if (answer.refusal.status === 401) hint(false);
  return answer.ok;
}

async function send<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key !== null) headers['X-API-Key'] = key;
  else if (csrf !== null && method !== 'GET') headers['X-CSRF-Token'] = csrf;
  try {
    const response = await fetch(path, { method, headers, credentials: key === null ? 'same-origin' : 'omit', body: body === undefined ? null : JSON.stringify(body) });
    const parsed: unknown = await response.json();
    if (response.ok) return { ok: true, body: parsed as T };
    return { ok: false, refusal: { status: response.status, message: messageOf(parsed) ?? `The silo answered ${response.status}.` } };
  } catch {
    return { ok: false, refusal: UNREACHABLE };
  }
}

/** The API's own words for a refusal. */
export function messageOf(body: unknown): string | null {
  const message = (body as { error?: { message?: unknown } } | null)?.error?.message;
  return typeof message === 'string' && message.length > 0 ? message : null;
}

function hinted(): boolean {
  try {
    return localStorage.getItem(HINT) !== null;
  } catch {
    return false;
  }
}

function hint(present: boolean): void {
  try {
    if (present) localStorage.setItem(HINT, '1');
    else localStorage.removeItem(HINT);
  } catch {
    // Without storage the page forgets the session when it is loaded anew; the cookies still end in time.
  }
}
