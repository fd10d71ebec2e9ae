namespace CocoonPool.Engine.Contract;

[GenerateSerializer, Alias("contract.Tally")]
public sealed class Tally
{
    [Id(0)]
    public long Total { get; set; }

    [Id(1)]
    public HashSet<string> Operations { get; set; } = [];
}

/// <summary>Adds each operation once, however often it is asked to.</summary>
public interface ITallyGrain : IGrainWithStringKey
{
    Task<long> Add(string operation, long amount);

    Task<long> Read();
}

public sealed class TallyGrain([PersistentState("tally")] IPersistentState<Tally> tally, Mistake mistake) : Grain, ITallyGrain
{
    public async Task<long> Add(string operation, long amount)
    {
        if (!tally.State.Operations.Contains(operation))
        {
            tally.State.Total += amount;
            if (mistake is not Mistake.ForgetOperations) tally.State.Operations.Add(operation);
            if (mistake is Mistake.AcknowledgeBeforePersisting) _ = tally.WriteStateAsync();
            else await this.PersistAsync(tally, mistake);
        }

        return tally.State.Total;
    }

    public Task<long> Read() => Task.FromResult(tally.State.Total);
}

/// <summary>How the workload's grains write.</summary>
internal static class Persistence
{
    /// <summary>Writes, or lets the activation end, so that what was not written is not seen by anybody.</summary>
    public static async Task PersistAsync<T>(this Grain grain, IPersistentState<T> state, Mistake mistake)
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch when (mistake is not Mistake.KeepStateAfterFailedWrite)
        {
            ((IGrainBase)grain).GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, "A write failed."));
            throw;
        }
    }
}
