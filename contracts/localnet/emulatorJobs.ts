/** What goes between the chain and its emulator thread; cells travel as base64 of their bag of cells. */
export interface TransactionJob {
  readonly kind: 'transaction';
  readonly id: number;
  readonly shardAccount: string;
  readonly message: string;
  readonly now: number;
  readonly lt: string;
  readonly randomSeed: string;
}

export interface GetMethodJob {
  readonly kind: 'get';
  readonly id: number;
  readonly address: string;
  readonly code: string;
  readonly data: string;
  readonly balanceNano: string;
  readonly methodId: number;
  readonly stack: string;
  readonly now: number;
}

export type EmulatorJob = TransactionJob | GetMethodJob;

export type EmulatorReply =
  | { readonly id: number; readonly ok: true; readonly transaction: string; readonly shardAccount: string }
  | { readonly id: number; readonly ok: true; readonly exitCode: number; readonly gasUsed: string; readonly stack: string }
  | { readonly id: number; readonly ok: false; readonly error: string };
