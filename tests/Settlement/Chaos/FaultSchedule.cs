namespace CocoonPool.Settlement.Tests.Chaos;

/// <summary>Everything that goes wrong in the settlement of one epoch. The seed decides all of it, and the shares too.</summary>
/// <param name="Keep">What the contract keeps when it is underfunded, in percent of what the epoch needs.</param>
public sealed record FaultSchedule(int Seed, IReadOnlyList<Strike> Strikes, ChainFaults Chain, int Keep)
{
    public static FaultSchedule From(int seed)
    {
        var dice = new Random(seed);
        var strikes = Enumerable.Range(0, dice.Next(2, 7)).Select(_ => Any(dice)).ToList();
        // A schedule without any death would be a quiet day.
        if (!strikes.Exists(s => s.Harm <= Harm.KillChain))
            strikes.Add(At(dice, (Harm)dice.Next(3)));
        if (dice.Next(10) < 3)
            strikes.Add(At(dice, Harm.Underfund));
        var chain = new ChainFaults(
            Drop: Pick(dice, 0, 0, 0.4, 0.7), DelayBlocks: Pick(dice, 0, 0, 0, 1), Duplicate: Pick(dice, 0, 0.5, 1), Expire: Pick(dice, 0, 0, 0, 0.25), Seed: dice.Next(1, 1_000_000));
        return new(seed, strikes, chain, dice.Next(1, 95));
    }

    public override string ToString() => $"{Chain}; {string.Join(", ", Strikes)}";

    private static Strike Any(Random dice) => At(dice, dice.Next(100) switch
    {
        < 30 => Harm.KillSilo,
        < 42 => Harm.KillGateway,
        < 50 => Harm.KillChain,
        < 62 => Harm.LoseRequest,
        < 80 => Harm.LoseReply,
        < 90 => Harm.RepeatRequest,
        _ => Harm.HoldCall,
    });

    private static Strike At(Random dice, Harm harm)
    {
        // An epoch of four batches signs and sends five messages, and looks as often as it takes.
        var (call, times) = dice.Next(100) switch
        {
            < 35 => (Call.Sign, 5),
            < 70 => (Call.Broadcast, 5),
            < 85 => (Call.Epoch, 15),
            < 95 => (Call.Signer, 15),
            _ => (Call.Message, 2),
        };
        var stage = harm switch
        {
            Harm.LoseRequest or Harm.HoldCall or Harm.RepeatRequest => Stage.Asked,
            Harm.LoseReply => Stage.Answered,
            _ => (Stage)dice.Next(3),
        };
        var milliseconds = harm is Harm.HoldCall ? dice.Next(50, 600) : stage is Stage.Told ? dice.Next(0, 60) : 0;
        return new(harm, call, dice.Next(1, times + 1), stage, milliseconds);
    }

    private static T Pick<T>(Random dice, params ReadOnlySpan<T> values) => values[dice.Next(values.Length)];
}
