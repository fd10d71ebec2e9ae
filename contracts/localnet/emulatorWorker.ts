import { parentPort } from 'node:worker_threads';
import { Address, Cell, parseTuple, serializeTuple, TupleItem } from '@ton/core';
import { Executor } from '@ton/sandbox';
import { EmulatorJob, EmulatorReply } from './emulatorJobs.js';
import { mainnetConfig } from './mainnetPrices.js';

/**
 * The TVM, alone in its thread: a batch of 250 payouts takes it half a second, during which HTTP must still answer.
 * It keeps no state between jobs but the compiled emulator, so there is nothing in it that could grow.
 */
const executor = await Executor.create();
const config = mainnetConfig().toBoc().toString('base64');
const port = parentPort;
if (port === null) throw new Error('the emulator runs as a worker thread, started by the local chain');

async function run(job: EmulatorJob): Promise<EmulatorReply> {
  if (job.kind === 'transaction') {
    const { result } = await executor.runTransaction({
      config, libs: null, verbosity: 'short', shardAccount: job.shardAccount, message: Cell.fromBase64(job.message),
      now: job.now, lt: BigInt(job.lt), randomSeed: Buffer.from(job.randomSeed, 'hex'), ignoreChksig: false, debugEnabled: false,
    });
    if (result.success)
      return { id: job.id, ok: true, transaction: result.transaction, shardAccount: result.shardAccount };
    const exitCode = result.vmResults?.vmExitCode;
    return { id: job.id, ok: false, error: result.error + (exitCode === undefined ? '' : ` (exit code ${exitCode})`) };
  }
  const { output } = await executor.runGetMethod({
    config, verbosity: 'short', code: Cell.fromBase64(job.code), data: Cell.fromBase64(job.data),
    methodId: job.methodId, stack: parseTuple(Cell.fromBase64(job.stack)) as TupleItem[],
    address: Address.parseRaw(job.address), unixTime: job.now, balance: BigInt(job.balanceNano),
    randomSeed: Buffer.alloc(32), gasLimit: 1_000_000n, debugEnabled: false,
  });
  if (!output.success) return { id: job.id, ok: false, error: output.error };
  return {
    id: job.id, ok: true, exitCode: output.vm_exit_code, gasUsed: output.gas_used,
    stack: output.stack === '' ? serializeTuple([]).toBoc().toString('base64') : output.stack,
  };
}

// The compiled emulator takes a second to load; the chain says that it is ready only when this has happened.
port.postMessage('ready');
port.on('message', (job: EmulatorJob) => {
  run(job)
    .catch((error: unknown): EmulatorReply => ({ id: job.id, ok: false, error: String(error) }))
    .then(reply => port.postMessage(reply), () => process.exit(1));
});
