// A worker agent in one file, written from docs/worker-protocol.md alone.   npm ci && node worker.mjs config.json
// config: { pool_url, participant_address, participant_key_file, worker_id, state_dir, coefficient, region,
//           models: [{ name, backend_url, max_context_length, max_concurrency }] }
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const receipts = join(config.state_dir, 'receipts');
mkdirSync(receipts, { recursive: true, mode: 0o700 });
const software = 'worker-example/1';
const key = ownKey();
const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
const signed = bytes => sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

function ownKey() {
  const file = join(config.state_dir, 'worker.key');
  if (!existsSync(file))
    writeFileSync(file, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flush: true });
  return createPrivateKey(readFileSync(file));
}

async function rest(path, body) {
  const response = await fetch(`${config.pool_url}/api/v1/workers/${path}`, {
    method: 'POST', body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${readFileSync(config.participant_key_file, 'utf8').trim()}` },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

async function register() {
  await rest('register', {
    worker_id: config.worker_id, participant_address: config.participant_address, coefficient: config.coefficient, region: config.region, software, public_key: publicKey,
    hardware: { gpu_model: 'none', gpu_count: 1, vram_gb: 1, cpu_cores: 1, ram_gb: 1 },
    models: config.models.map(({ name, max_context_length, max_concurrency }) => ({ name, max_context_length, max_concurrency })),
  });
  await rest(`${config.worker_id}/attest`, {});
  await rest(`${config.worker_id}/activate`, {});
}

/** One stream, from challenge to close. Answers the code of the error that ended it. */
function stream(onOpen) {
  return new Promise(resolve => {
    const socket = new WebSocket(`${config.pool_url.replace(/^http/, 'ws')}/worker/v1/link`, { maxPayload: 8 << 20 });
    const tasks = new Map(), send = frame => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));
    let terms, beats = 0, beating, offering, ended = 'closed';
    const beat = () => send({ type: 'heartbeat', seq: ++beats, running: tasks.size, gpu_utilization: 0, sent_at: new Date().toISOString() });
    const handle = {
      challenge: ({ pool, nonce }) => send({
        type: 'hello', protocol: 1, worker_id: config.worker_id, public_key: publicKey, software,
        signature: signed(Buffer.from(`cocoon-worker-hello/1\n${pool}\n${nonce}\n${config.worker_id}`)),
      }),
      welcome(frame) {
        terms = frame;
        beat();
        offering = setInterval(() => offerReceipts(send, terms.max_batch), 500);
        onOpen();
      },
      heartbeat_ack: ({ next_ms }) => { clearTimeout(beating); beating = setTimeout(beat, next_ms); },
      assign(frame) {
        const task = { ...frame, gone: new AbortController(), wake: () => {} };
        tasks.set(frame.task, task);
        serve(task, terms, send).finally(() => { tasks.delete(frame.task); offerReceipts(send, terms.max_batch); });
      },
      credit({ task, n }) { const running = tasks.get(task); if (running) { running.credits += n; running.wake(); } },
      cancel({ task }) { tasks.get(task)?.gone.abort('client_aborted'); },
      ack({ receipts: known, refused }) {
        for (const { task, code } of refused) console.log(`receipt ${task} refused: ${code}`);
        for (const task of known) console.log(`receipt ${task} accepted`);
        for (const task of [...known, ...refused.map(r => r.task)]) rmSync(join(receipts, `${task}.json`), { force: true });
      },
      error({ code, message, fatal }) { console.error(code, message); if (fatal) ended = code; },
    };
    socket.on('message', text => { const frame = JSON.parse(text); handle[frame.type]?.(frame); });
    socket.on('error', problem => console.error(problem.message));
    socket.on('close', () => {
      clearTimeout(beating); clearInterval(offering);
      for (const task of tasks.values()) task.gone.abort('worker_fault');
      resolve(ended);
    });
  });
}

/** Serves one task from the back end, says how it ended, and leaves its receipt on disk. */
async function serve(task, terms, send) {
  const start = Date.now();
  let firstToken = 0, outcome = 'success', usage = { prompt: 0, cached: 0, completion: 0, reasoning: 0 }, counted = false;
  const use = u => {
    if (!u) return;
    counted = true;
    usage = { prompt: u.prompt_tokens, cached: u.prompt_tokens_details?.cached_tokens ?? 0, completion: u.completion_tokens, reasoning: u.completion_tokens_details?.reasoning_tokens ?? 0 };
  };
  const failed = (status, code, message, body) => {
    outcome = status === 499 ? 'client_aborted' : status === 429 || status === 503 ? 'back_pressure' : status < 500 ? 'client_error' : 'worker_fault';
    send({ type: 'failed', task: task.task, status, code, message, body });
  };
  try {
    const model = config.models.find(m => m.name === task.model), shown = task.body.stream_options?.include_usage;
    const body = task.stream ? { ...task.body, stream_options: { ...task.body.stream_options, include_usage: true } } : task.body;
    const answer = await fetch(`${model.backend_url}/${task.route}`, {
      method: 'POST', signal: task.gone.signal, body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(task.traceparent && { traceparent: task.traceparent }) },
    });
    if (!answer.ok) {
      // 401, 403 and 404 are about this agent's configuration and not about the client's request.
      failed([401, 403, 404].includes(answer.status) ? 502 : answer.status, 'backend_error', `The back end answered ${answer.status}`, await answer.text() || undefined);
    } else if (!task.stream) {
      const text = await answer.text();
      use(JSON.parse(text).usage);
      firstToken = Date.now() - start;
      send({ type: 'done', task: task.task, status: 200, body: text, usage });
    } else {
      let finished = false;
      for await (const data of events(answer.body)) {
        if (finished = data === '[DONE]') break;
        const chunk = JSON.parse(data);
        use(chunk.usage);
        if (!chunk.choices?.length && !shown) continue; // Only the agent asked for the usage.
        const tokens = chunk.choices.filter(c => c.delta?.content || c.delta?.reasoning_content || c.delta?.tool_calls || c.text).length;
        while (task.credits === 0) await new Promise((go, stop) => { task.wake = go; task.gone.signal.onabort = () => stop(new Error('gone')); });
        task.credits--;
        firstToken ||= Math.max(1, Date.now() - start);
        if (!counted) usage.completion += tokens;
        send({ type: 'tokens', task: task.task, chunks: [{ data, n: tokens }] });
      }
      if (!finished) throw new Error('the stream broke off');
      send({ type: 'done', task: task.task, status: 200, usage: counted ? usage : undefined });
    }
  } catch (problem) {
    failed(task.gone.signal.reason === 'client_aborted' ? 499 : 502, 'backend_failed', String(problem.message ?? problem));
  }
  if (task.gone.signal.reason === 'worker_fault') outcome = 'worker_fault';
  const end = Date.now();
  const adjusted = [['prompt', usage.prompt - usage.cached], ['cached', usage.cached], ['completion', usage.completion - usage.reasoning], ['reasoning', usage.reasoning]]
    .reduce((sum, [name, count]) => sum + BigInt(count) * BigInt(terms.multipliers[name]) * BigInt(config.coefficient) / 10_000_000n, 0n);
  const receipt = { // Members in ordinal order, integers as strings: the canonical form.
    adjusted_tokens: adjusted, cached_tokens: usage.cached, completion_tokens: usage.completion, ended_unix_ms: end, format: 'cocoon-pool-receipt/1', latency_ms: end - start,
    model: task.model, outcome, participant: config.participant_address, prompt_tokens: usage.prompt, reasoning_tokens: usage.reasoning, started_unix_ms: start,
    task: task.task, time_to_first_token_ms: Math.min(firstToken, end - start), worker: config.worker_id,
  };
  const canonical = JSON.stringify(Object.fromEntries(Object.entries(receipt).map(([name, value]) => [name, String(value)])));
  writeFileSync(join(receipts, `${task.task}.json`), JSON.stringify({ canonical, ticket: task.ticket }), { flush: true });
}

/** The data of each server-sent event. */
async function* events(body) {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    const lines = (text + decoder.decode(bytes, { stream: true })).split('\n');
    text = lines.pop();
    for (const line of lines) if (line.startsWith('data:')) yield line.slice(5).trim();
  }
}

/** Sends what is on disk, whether it was sent before or not: what is unanswered is sent again. */
function offerReceipts(send, most) {
  const batch = readdirSync(receipts).slice(0, most).map(name => JSON.parse(readFileSync(join(receipts, name), 'utf8')));
  if (batch.length === 0) return;
  let level = batch.map(r => sha256(Buffer.from([0]), Buffer.from(r.canonical)));
  while (level.length > 1)
    level = level.flatMap((left, i) => i % 2 ? [] : i + 1 < level.length ? [sha256(Buffer.from([1]), left, level[i + 1])] : [left]);
  send({
    type: 'receipts', root: level[0].toString('base64'), signature: signed(Buffer.concat([Buffer.from('cocoon-receipts/1\n'), level[0]])),
    receipts: batch.map(r => ({ canonical: Buffer.from(r.canonical).toString('base64'), ticket: r.ticket })),
  });
}

await register();
for (let pause = 500; ; pause = Math.min(pause * 2, 30_000)) {
  const code = await stream(() => { pause = 500; console.log('worker ready'); });
  if (['replaced', 'bad_signature', 'unsupported_protocol', 'unknown_worker'].includes(code)) process.exit(1);
  await new Promise(go => setTimeout(go, pause * (0.5 + Math.random() / 2)));
}
