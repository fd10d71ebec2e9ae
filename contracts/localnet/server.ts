import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { Chain, ChainRefusal } from './chain.js';
import { devMethodsOf } from './dev.js';
import { Emulator } from './emulator.js';
import { Method, methodsOf } from './toncenter/methods.js';
import { BadParameter, Parameters } from './toncenter/parameters.js';

/** A message of 65,535 bytes in base64 inside JSON fits several times over. */
const MAX_BODY_BYTES = 1_000_000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export function serve(chain: Chain, emulator: Emulator): Server {
  const toncenter = methodsOf(chain, emulator);
  const dev = devMethodsOf(chain);
  return createServer((request, response) => {
    answer(request, toncenter, dev)
      .catch((error: unknown): Answer => failure(error))
      .then(({ status, body }) => reply(response, status, body), () => response.destroy());
  });
}

async function answer(request: IncomingMessage, toncenter: ReadonlyMap<string, Method>, dev: ReadonlyMap<string, Method>): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://localnet');
  const parameters: Parameters = request.method === 'POST' ? await readJson(request) : Object.fromEntries(url.searchParams);
  const [, first, second, third] = url.pathname.split('/');
  if (first === 'dev') {
    const method = dev.get(`${request.method} ${second}`);
    return method ? { status: 200, body: await method(parameters) } : notFound(`${[...dev.keys()].join(', ')} under /dev`);
  }
  if (first !== 'api' || second !== 'v2' || third === undefined) return notFound('methods under /api/v2/');
  if (third === 'jsonRPC') return jsonRpc(parameters, toncenter);
  const method = toncenter.get(third);
  return method ? success(await method(parameters)) : notFound([...toncenter.keys(), 'jsonRPC'].join(', '));
}

async function jsonRpc(parameters: Parameters, toncenter: ReadonlyMap<string, Method>): Promise<Answer> {
  const { id = null, method: name, params = {} } = parameters;
  const method = typeof name === 'string' ? toncenter.get(name) : undefined;
  const envelope = { jsonrpc: '2.0', id };
  if (!method) return { status: 404, body: { ...envelope, ok: false, code: 404, error: `unknown method ${String(name)}: use ${[...toncenter.keys()].join(', ')}` } };
  if (typeof params !== 'object' || params === null) throw new BadParameter('"params" must be an object');
  try {
    return { status: 200, body: { ...envelope, ok: true, result: await method(params as Parameters) } };
  } catch (error) {
    const { status, body } = failure(error);
    return { status, body: { ...envelope, ...body as object } };
  }
}

const success = (result: unknown): Answer => ({ status: 200, body: { ok: true, result } });
const notFound = (known: string): Answer => ({ status: 404, body: { ok: false, code: 404, error: `not found: use ${known}` } });

function failure(error: unknown): Answer {
  if (error instanceof BadParameter) return { status: 422, body: { ok: false, code: 422, error: error.message } };
  // Nodes answer a refused message with 500, and clients look for these words.
  if (error instanceof ChainRefusal)
    return { status: 500, body: { ok: false, code: 500, error: `LITE_SERVER_UNKNOWN: cannot apply external message to current state : ${error.message}` } };
  console.error(error);
  return { status: 500, body: { ok: false, code: 500, error: `internal error: ${(error as Error).message}` } };
}

async function readJson(request: IncomingMessage): Promise<Parameters> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) throw new BadParameter(`the body is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk as Buffer);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new BadParameter('the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadParameter('the body must be a JSON object');
  return value as Parameters;
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
