namespace CocoonPool.Settlement.Tests.Chaos;

/// <summary>What the silo asks the gateway for.</summary>
public enum Call
{
    Signer = 0,
    Epoch = 1,
    Sign = 2,
    Broadcast = 3,
    Message = 4,
    Other = 5,
}

/// <summary>Where a call is when a fault strikes.</summary>
public enum Stage
{
    /// <summary>The silo has asked; the gateway does not know yet.</summary>
    Asked = 0,

    /// <summary>The gateway has answered; the silo does not know yet.</summary>
    Answered = 1,

    /// <summary>The silo has the answer.</summary>
    Told = 2,
}

/// <summary>What can go wrong at a moment.</summary>
public enum Harm
{
    KillSilo = 0,
    KillGateway = 1,
    KillChain = 2,
    LoseRequest = 3,
    LoseReply = 4,
    RepeatRequest = 5,
    HoldCall = 6,
    Underfund = 7,
}

/// <summary>One fault and its moment: when the settlement makes a call of a kind for the n-th time.</summary>
/// <param name="Nth">From 1, counted within one schedule.</param>
/// <param name="Milliseconds">How long after that moment; for a call that is held, how long.</param>
public sealed record Strike(Harm Harm, Call Call, int Nth, Stage Stage, int Milliseconds)
{
    public override string ToString() => $"{Harm} at {Call} {Nth} {Stage}{(Milliseconds > 0 ? $" +{Milliseconds} ms" : "")}";
}

/// <summary>What the chain does to the messages it is sent, as its own settings.</summary>
public sealed record ChainFaults(double Drop, int DelayBlocks, double Duplicate, double Expire, long Seed)
{
    public override string ToString() => $"drop {Drop} delay {DelayBlocks} duplicate {Duplicate} expire {Expire}";
}
