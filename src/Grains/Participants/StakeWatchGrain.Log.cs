using CocoonPool.Domain.Participants;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Participants;

public sealed partial class StakeWatchGrain
{
    [LoggerMessage(1161, LogLevel.Information, "{Kind} for {Participant} signed with seqno {Seqno}, hash {MessageHash} ({Command})")]
    private partial void LogSigned(StakeCommandKind kind, TonAddress participant, string command, long seqno, string messageHash);

    [LoggerMessage(1162, LogLevel.Information, "{Kind} for {Participant} is done on chain ({Command})")]
    private partial void LogDone(StakeCommandKind kind, TonAddress participant, string command);

    [LoggerMessage(1163, LogLevel.Warning, "The stakes on chain have trouble: {Trouble}")]
    private partial void LogTrouble(string trouble);
}
