using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Grains.Participants;

public sealed partial class SlashGrain
{
    [LoggerMessage(1151, LogLevel.Warning, "Slash {Slash} of {Participant} for {Offence} is {State}: {AmountNanotons} nanoTON")]
    private partial void LogSlash(string slash, string participant, SlashOffence offence, SlashState state, Nanotons amountNanotons);
}
