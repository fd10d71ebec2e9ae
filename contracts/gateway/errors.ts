/** Refusals that callers must tell apart, each with its HTTP status. */
const STATUS = {
  invalid_request: 400,
  unauthorized: 401,
  policy_refused: 403,
  not_found: 404,
  list_conflict: 409,
  entry_conflict: 409,
  entry_refused: 422,
  chain_unreachable: 502,
} as const;

export type ErrorCode = keyof typeof STATUS;

/** An entry of a list that is never signed, by its place in the list. */
export interface RefusedEntry {
  readonly position: number;
  readonly reason: string;
}

export class GatewayError extends Error {
  constructor(readonly code: ErrorCode, message: string, readonly entries: readonly RefusedEntry[] = []) {
    super(message);
  }

  get status(): number {
    return STATUS[this.code];
  }
}

export function invalid(message: string): GatewayError {
  return new GatewayError('invalid_request', message);
}
