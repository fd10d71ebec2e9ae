using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Participants;

public sealed partial class ParticipantGrain
{
    [LoggerMessage(1101, LogLevel.Information, "Participant {Participant} registered")]
    private partial void LogRegistered(string participant);

    [LoggerMessage(1102, LogLevel.Information, "Participant {Participant} went from {From} to {To}: stake {StakeNanotons}, required {RequiredNanotons}")]
    private partial void LogStateChanged(string participant, ParticipantState from, ParticipantState to, Nanotons stakeNanotons, Nanotons requiredNanotons);

    [LoggerMessage(1103, LogLevel.Warning, "Participant {Participant} brings {Gpus} of the pool's {PoolGpus} GPUs, which is more than {MaxConcentrationBps} basis points")]
    private partial void LogConcentrated(string participant, long gpus, long poolGpus, int maxConcentrationBps);

    [LoggerMessage(1104, LogLevel.Information, "Participant {Participant} withdrawal {Withdrawal} is {State}: {AmountNanotons} nanoTON")]
    private partial void LogWithdrawal(string participant, string withdrawal, WithdrawalState state, Nanotons amountNanotons);

    [LoggerMessage(1105, LogLevel.Debug, "The stake of {Participant} cannot be read: {Trouble}")]
    private partial void LogStakeUnread(string participant, string trouble);
}
