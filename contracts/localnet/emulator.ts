import { Worker } from 'node:worker_threads';
import { EmulatorJob, EmulatorReply, GetMethodJob, TransactionJob } from './emulatorJobs.js';

export type TransactionResult =
  | { readonly accepted: true; readonly transaction: string; readonly shardAccount: string }
  | { readonly accepted: false; readonly reason: string };

export interface GetMethodResult {
  readonly exitCode: number;
  readonly gasUsed: number;
  readonly stack: string;
}

type WithoutId<T> = Omit<T, 'id' | 'kind'>;

/** The chain's side of the emulator thread: numbers the jobs and hands each reply to whoever waits for it. */
export class Emulator {
  private readonly worker = new Worker(new URL('./emulatorWorker.js', import.meta.url));
  private readonly waiting = new Map<number, { resolve: (reply: EmulatorReply) => void; reject: (error: Error) => void }>();
  private nextId = 1;
  private broken: Error | null = null;

  private constructor(started: () => void) {
    this.worker.on('message', (reply: EmulatorReply | 'ready') => {
      if (reply === 'ready') return started();
      this.waiting.get(reply.id)?.resolve(reply);
      this.waiting.delete(reply.id);
    });
    this.worker.on('error', error => this.fail(error));
    this.worker.on('exit', code => this.fail(new Error(`the emulator thread ended with ${code}`)));
  }

  /** Resolves once the emulator is loaded and answers without delay. */
  static start(): Promise<Emulator> {
    return new Promise((resolve, reject) => {
      const emulator: Emulator = new Emulator(() => resolve(emulator));
      emulator.worker.once('error', reject);
    });
  }

  async transaction(job: WithoutId<TransactionJob>): Promise<TransactionResult> {
    const reply = await this.ask({ ...job, kind: 'transaction', id: this.nextId++ });
    if (!reply.ok) return { accepted: false, reason: reply.error };
    if (!('transaction' in reply)) throw new Error('the emulator answered a transaction with something else');
    return { accepted: true, transaction: reply.transaction, shardAccount: reply.shardAccount };
  }

  async getMethod(job: WithoutId<GetMethodJob>): Promise<GetMethodResult> {
    const reply = await this.ask({ ...job, kind: 'get', id: this.nextId++ });
    if (!reply.ok) throw new Error(reply.error);
    if (!('exitCode' in reply)) throw new Error('the emulator answered a get method with something else');
    return { exitCode: reply.exitCode, gasUsed: Number(reply.gasUsed), stack: reply.stack };
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  private ask(job: EmulatorJob): Promise<EmulatorReply> {
    if (this.broken) return Promise.reject(this.broken);
    return new Promise((resolve, reject) => {
      this.waiting.set(job.id, { resolve, reject });
      this.worker.postMessage(job);
    });
  }

  private fail(error: Error): void {
    this.broken = error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
