// Runs the official client against a pool: BASE_URL, API_KEY and MODEL come from the environment. Prints one JSON line per check
// and ends with exit code 1 at the first that fails.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const model = process.env.MODEL;
const client = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: process.env.API_KEY, maxRetries: 0 });
const messages = [{ role: 'user', content: 'What does a silkworm need?' }];

async function check(name, body) {
  await body();
  console.log(JSON.stringify({ check: name, ok: true }));
}

await check('models are listed', async () => {
  const ids = [];
  for await (const entry of client.models.list()) ids.push(entry.id);
  assert.ok(ids.includes(model));
});

await check('an answer in one piece', async () => {
  const answer = await client.chat.completions.create({ model, messages, max_tokens: 12 });
  assert.equal(answer.object, 'chat.completion');
  assert.ok(answer.choices[0].message.content.length > 0);
  assert.equal(answer.usage.completion_tokens, 12);
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
});

await check('a streamed answer with usage', async () => {
  const stream = await client.chat.completions.create({ model, messages, max_tokens: 12, stream: true, stream_options: { include_usage: true } });
  let text = '';
  let pieces = 0;
  let usage = null;
  for await (const chunk of stream) {
    const piece = chunk.choices[0]?.delta?.content;
    if (piece) { text += piece; pieces++; }
    usage ??= chunk.usage ?? null;
  }
  assert.ok(pieces > 1 && text.length > 0);
  assert.equal(usage?.completion_tokens, 12);
});

await check('a streamed answer without usage has none', async () => {
  const stream = await client.chat.completions.create({ model, messages, max_tokens: 5, stream: true });
  for await (const chunk of stream) assert.ok(!chunk.usage);
});

await check('an abort in the middle leaves the pool well', async () => {
  const stream = await client.chat.completions.create({ model, messages, max_tokens: 2_000, stream: true });
  for await (const chunk of stream) { if (chunk.choices[0]?.delta?.content) break; }
  stream.controller.abort();
  const after = await client.chat.completions.create({ model, messages, max_tokens: 3 });
  assert.equal(after.usage.completion_tokens, 3);
});

const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } }];
const ask = extra => client.chat.completions.create({ model: process.env.TOOLS_MODEL, messages, tools, ...extra });

await check('a tool is called', async () => {
  const answer = await ask({ tool_choice: 'auto' });
  assert.equal(answer.choices[0].finish_reason, 'tool_calls');
  assert.deepEqual(JSON.parse(answer.choices[0].message.tool_calls[0].function.arguments), { city: 'Bern' });
});

await check('a tool is called in a stream', async () => {
  let args = '';
  let finish = null;
  for await (const chunk of await ask({ stream: true })) {
    args += chunk.choices[0]?.delta?.tool_calls?.[0]?.function?.arguments ?? '';
    finish = chunk.choices[0]?.finish_reason ?? finish;
  }
  assert.equal(finish, 'tool_calls');
  assert.deepEqual(JSON.parse(args), { city: 'Bern' });
});

await check('the stream helper sees the whole answer', async () => {
  const runner = client.chat.completions.stream({ model: process.env.TOOLS_MODEL, messages });
  assert.equal(await runner.finalContent(), 'Hello!');
});

await check('a worker that breaks off is an error, never a short answer', async () => {
  let text = '';
  await assert.rejects(async () => {
    const stream = await client.chat.completions.create({ model: process.env.BREAKING_MODEL, messages, stream: true });
    for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
  }, error => error instanceof OpenAI.APIError);
  assert.equal(text, 'One two three');
});

await check('the balance does not cover it', async () => {
  await assert.rejects(client.chat.completions.create({ model: process.env.PAID_MODEL, messages }), error =>
    error.status === 402 && error.code === 'insufficient_quota' && error.type === 'insufficient_quota');
});

await check('an unknown model', async () => {
  await assert.rejects(client.chat.completions.create({ model: 'no-such-model', messages }), error =>
    error instanceof OpenAI.NotFoundError && error.code === 'model_not_found');
});

await check('a wrong key', async () => {
  const stranger = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: 'ck_wrong', maxRetries: 0 });
  await assert.rejects(stranger.models.list(), error => error instanceof OpenAI.AuthenticationError);
});
