/** Exit codes of RewardDistribution, the table of `distribution/errors.tolk`; a test compares both. */
export const ExitCode = {
  MalformedList: 400,
  NotOwner: 401,
  Underfunded: 402,
  FeesNotEarned: 403,
  EpochUnknown: 404,
  ValueTooLow: 406,
  BatchDone: 409,
  EpochConflict: 412,
  OverTotal: 413,
  TooManyPayouts: 414,
  WrongWorkchain: 421,
} as const;

const MEANING: Record<number, string> = {
  [ExitCode.MalformedList]: 'a cell of the payout list has data left over after its payouts',
  [ExitCode.NotOwner]: 'the sender is not the operator wallet of this contract',
  [ExitCode.Underfunded]: 'the contract holds too little above its storage reserve and what other epochs owe: add revenue',
  [ExitCode.FeesNotEarned]: 'more fees were asked for than are earned',
  [ExitCode.EpochUnknown]: 'the epoch is not open: open it first',
  [ExitCode.ValueTooLow]: 'the message does not carry its own gas and forward fees: attach more',
  [ExitCode.BatchDone]: 'this batch was paid before',
  [ExitCode.EpochConflict]: 'the epoch is open with other content',
  [ExitCode.OverTotal]: 'the batch would pay more than the epoch has left',
  [ExitCode.TooManyPayouts]: 'the list holds more than 250 payouts',
  [ExitCode.WrongWorkchain]: 'a payout goes to an address outside the basechain',
  9: 'the body is malformed: it ends too early',
  37: 'not enough coins for an action',
};

export function explainExitCode(code: number): string {
  return `${code}: ${MEANING[code] ?? 'see the exit codes of TVM'}`;
}
