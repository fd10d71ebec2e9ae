namespace CocoonPool.Engine.Contract;

[GenerateSerializer, Alias("contract.Account")]
public sealed class Account
{
    [Id(0)]
    public long Amount { get; set; }

    [Id(1)]
    public List<string> Entries { get; set; } = [];

    [Id(2)]
    public string? Remark { get; set; }
}

public interface IAccountGrain : IGrainWithStringKey
{
    Task<(long Amount, int Entries, bool Exists, string? Etag)> Read();

    Task Add(long amount);

    Task<string> AddAndCatch(long amount);

    Task Clear();

    Task End();

    Task<Guid> Activation();
}

public sealed class AccountGrain(
    [PersistentState("account")] IPersistentState<Account> account,
    [PersistentState("remarks")] IPersistentState<Account> remarks,
    Probe probe) : Grain, IAccountGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        probe.Tell($"account {this.GetPrimaryKeyString()}", $"{account.State.Amount} {account.RecordExists} {remarks.RecordExists}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Tell($"gone {this.GetPrimaryKeyString()}", $"{reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<(long Amount, int Entries, bool Exists, string? Etag)> Read()
        => Task.FromResult((account.State.Amount, account.State.Entries.Count, account.RecordExists, account.Etag));

    public async Task Add(long amount)
    {
        account.State.Amount += amount;
        account.State.Entries.Add($"+{amount}");
        await account.WriteStateAsync();
    }

    public async Task<string> AddAndCatch(long amount)
    {
        try
        {
            await Add(amount);
            return "written";
        }
        catch (Exception failure)
        {
            return failure.GetType().Name;
        }
    }

    public Task Clear() => account.ClearStateAsync();

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);
}
