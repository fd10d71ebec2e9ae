import { mkdirSync } from 'node:fs';
import { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { Chain } from './chain.js';
import { Emulator } from './emulator.js';
import { serve } from './server.js';

const USAGE = 'usage: node build/localnet/main.js --port P --state DIR [--block-ms 250]';

function readOptions() {
  try {
    return options();
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${USAGE}`);
  }
}

function options() {
  const { values } = parseArgs({ options: {
    port: { type: 'string' }, state: { type: 'string' }, 'block-ms': { type: 'string', default: '250' },
  } });
  const port = Number(values.port);
  const blockMs = Number(values['block-ms']);
  if (values.port === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be from 0 (any free port) to 65535');
  if (!values.state) throw new Error('--state must name a folder');
  if (!Number.isInteger(blockMs) || blockMs < 1) throw new Error('--block-ms must be a whole number of milliseconds above zero');
  return { port, folder: values.state, blockMs };
}

async function main(): Promise<void> {
  const { port, folder, blockMs } = readOptions();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const emulator = await Emulator.start();
  const chain = new Chain(folder, emulator);
  const server = serve(chain, emulator);
  server.listen(port, '127.0.0.1', () => console.log(`localnet ready http://127.0.0.1:${(server.address() as AddressInfo).port}`));

  let running = true;
  const stop = async () => {
    running = false;
    server.close();
    server.closeAllConnections();
    await chain.stop();
    await emulator.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
  while (running) {
    await chain.tick();
    await new Promise(resolve => setTimeout(resolve, blockMs));
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
