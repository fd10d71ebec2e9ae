/** Refusals that callers must tell apart, each with its HTTP status. */
const STATUS = {
  invalid_request: 400,
  unauthorized: 401,
  policy_refused: 403,
  not_found: 404,
  list_conflict: 409,
  chain_unreachable: 502,
} as const;

export type ErrorCode = keyof typeof STATUS;

export class GatewayError extends Error {
  constructor(readonly code: ErrorCode, message: string) {
    super(message);
  }

  get status(): number {
    return STATUS[this.code];
  }
}

export function invalid(message: string): GatewayError {
  return new GatewayError('invalid_request', message);
}
