import { ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TestContext } from 'node:test';

const BUILD = fileURLToPath(new URL('..', import.meta.url));
const READY_SECONDS = 20;

/** A process of this package as the pool starts it, for tests that must see the real thing, crashes included. */
export interface Launched {
  readonly url: string;
  /** Resolves with the exit code once the process has ended; null after a signal it did not handle. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export async function launch(script: string, args: readonly string[], environment: Record<string, string> = {}): Promise<Launched> {
  const child = spawn(process.execPath, [join(BUILD, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...environment },
  });
  const ended = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)));
  const url = await readyUrl(script, child);
  return {
    url,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Every process prints one line with its URL when it accepts requests. */
function readyUrl(script: string, child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${script} was not ready after ${READY_SECONDS} seconds`));
    }, READY_SECONDS * 1000);
    child.once('exit', code => reject(new Error(`${script} ended with ${code} before it was ready`)));
    createInterface({ input: child.stdout! }).on('line', line => {
      const match = /^\w+ ready (http:\S+)$/.exec(line);
      if (!match) return;
      clearTimeout(timer);
      resolve(match[1]!);
    });
  });
}

export function temporaryFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'cocoon-contracts-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A local chain with quick blocks that ends with the test. */
export async function launchChain(test: TestContext, folder: string, blockMs = 40): Promise<Launched> {
  const chain = await launch('localnet/main.js', ['--port', '0', '--state', folder, '--block-ms', String(blockMs)]);
  test.after(() => chain.stop('SIGKILL'));
  return chain;
}
