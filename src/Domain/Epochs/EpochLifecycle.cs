namespace CocoonPool.Domain.Epochs;

/// <summary><c>open → closing → finalized → settling → settled</c>, one way and one step at a time.</summary>
public enum EpochState
{
    /// <summary>Takes contributions: it is running, or over and within the grace in which receipts that come late still count.</summary>
    Open = 0,

    /// <summary>Over, and nothing is added to it any more; its result is being computed.</summary>
    Closing = 1,

    /// <summary>Shares are computed and the bundle is published; nothing of it changes any more.</summary>
    Finalized = 2,
    Settling = 3,
    Settled = 4,
}

public enum EpochCommand
{
    Close = 0,
    Finalize = 1,
    StartSettlement = 2,
    CompleteSettlement = 3,
}

/// <summary>The life of an epoch. Closing happens exactly once, so every repeated or early step is refused by name.</summary>
public static class EpochLifecycle
{
    public static Transition<EpochState> Apply(EpochState state, EpochCommand command)
    {
        var (needed, next) = command switch
        {
            EpochCommand.Close => (EpochState.Open, EpochState.Closing),
            EpochCommand.Finalize => (EpochState.Closing, EpochState.Finalized),
            EpochCommand.StartSettlement => (EpochState.Finalized, EpochState.Settling),
            EpochCommand.CompleteSettlement => (EpochState.Settling, EpochState.Settled),
            _ => throw new ArgumentOutOfRangeException(nameof(command)),
        };
        if (state == needed)
            return Transition.Accept(state, next);
        return Transition.Refuse(state, state < needed ? $"epoch_not_{Word(needed)}" : $"epoch_already_{Word(next)}");
    }

    private static string Word(EpochState state) => state switch
    {
        EpochState.Open => "open",
        EpochState.Closing => "closing",
        EpochState.Finalized => "finalized",
        EpochState.Settling => "settling",
        _ => "settled",
    };
}
