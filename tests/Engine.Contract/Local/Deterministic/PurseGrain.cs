namespace CocoonPool.Engine.Contract;

[GenerateSerializer, Alias("contract.Purse")]
public sealed class Purse
{
    [Id(0)]
    public long Balance { get; set; }

    [Id(1)]
    public Dictionary<string, Payment> Unpaid { get; set; } = [];

    [Id(2)]
    public HashSet<string> Operations { get; set; } = [];
}

[GenerateSerializer, Immutable, Alias("contract.Payment")]
public sealed record Payment([property: Id(0)] string To, [property: Id(1)] long Amount);

/// <summary>Pays other purses: writes the payment down, sends it until it arrived, and writes that down.</summary>
public interface IPurseGrain : IGrainWithStringKey
{
    Task Pay(string operation, string to, long amount);

    Task Receive(string operation, long amount);

    Task<(long Balance, int Unpaid)> Read();
}

public sealed class PurseGrain([PersistentState("purse")] IPersistentState<Purse> purse, Mistake mistake) : Grain, IPurseGrain, IRemindable
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(2);

    private Purse State => purse.State;

    public async Task Pay(string operation, string to, long amount)
    {
        if (!State.Operations.Contains(operation))
        {
            await this.RegisterOrUpdateReminder("unpaid", Again, Again);
            if (mistake is Mistake.SendBeforePersisting) await Other(to).Receive(operation, amount);
            State.Balance -= amount;
            State.Operations.Add(operation);
            if (mistake is not Mistake.SendBeforePersisting) State.Unpaid.Add(operation, new Payment(to, amount));
            await this.PersistAsync(purse, mistake);
        }

        await SendAsync();
    }

    public async Task Receive(string operation, long amount)
    {
        if (mistake is not Mistake.SendBeforePersisting && !State.Operations.Add(operation)) return;
        State.Balance += amount;
        await this.PersistAsync(purse, mistake);
    }

    public Task<(long Balance, int Unpaid)> Read() => Task.FromResult((State.Balance, State.Unpaid.Count));

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await SendAsync();
        if (await this.GetReminder(reminderName) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private async Task SendAsync()
    {
        foreach (var (operation, payment) in State.Unpaid.OrderBy(p => p.Key, StringComparer.Ordinal).ToList())
        {
            await Other(payment.To).Receive(operation, payment.Amount);
            State.Unpaid.Remove(operation);
            await this.PersistAsync(purse, mistake);
        }
    }

    private IPurseGrain Other(string key) => GrainFactory.GetGrain<IPurseGrain>(key);
}
