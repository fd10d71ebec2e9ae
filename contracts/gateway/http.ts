import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { ChainSaidNo, ChainUnreachable } from '../wrappers/toncenter.js';
import { GatewayError, invalid } from './errors.js';
import { Route } from './routes.js';

/** A batch of 250 entries takes some 35 kB. */
const MAX_BODY_BYTES = 1_000_000;

export function serve(routes: readonly Route[], token: string): Server {
  return createServer((request, response) => {
    answer(routes, token, request)
      .then(body => reply(response, 200, body), (error: unknown) => replyError(response, error))
      .catch(() => response.destroy());
  });
}

async function answer(routes: readonly Route[], token: string, request: IncomingMessage): Promise<unknown> {
  if (!authorized(request.headers.authorization, token))
    throw new GatewayError('unauthorized', 'send the header "Authorization: Bearer <token>" with the gateway\'s token');
  const url = new URL(request.url ?? '/', 'http://gateway');
  for (const route of routes) {
    const match = route.path.exec(url.pathname);
    if (!match || route.method !== request.method) continue;
    return route.handle(match.slice(1), url.searchParams, route.method === 'POST' ? await readJson(request) : {});
  }
  throw new GatewayError('not_found', `there is no ${request.method} ${url.pathname}`);
}

/** Digests are compared, so that neither length nor content of the token can be timed. */
function authorized(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}

async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) throw invalid(`the body is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk as Buffer);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw invalid('the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('the body must be a JSON object');
  return value as Record<string, unknown>;
}

function replyError(response: ServerResponse, error: unknown): void {
  if (error instanceof GatewayError) return reply(response, error.status, { error: {
    code: error.code, message: error.message, ...error.entries.length > 0 ? { entries: error.entries } : {},
  } });
  if (error instanceof ChainUnreachable || error instanceof ChainSaidNo)
    return reply(response, 502, { error: { code: 'chain_unreachable', message: error.message } });
  console.error(error);
  reply(response, 500, { error: { code: 'internal', message: 'a bug of the gateway: its log says where' } });
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
