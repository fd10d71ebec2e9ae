using CocoonPool.Domain.Ledger;

namespace CocoonPool.Grains.Ledger;

/// <inheritdoc cref="ILedgerGrain"/>
public sealed class LedgerGrain(ILedgerStore store) : Grain, ILedgerGrain
{
    private const int Page = 2_000;

    private string PoolId => this.GetPrimaryKeyString();

    public async Task<Nanotons> Balance(string account) =>
        AccountName.TryParse(account, out var name) ? (await store.Account(PoolId, name)).Balance : Nanotons.Zero;

    public async Task<AccountLine[]> Balances() =>
        [.. (await store.Accounts(PoolId)).OrderBy(a => a.Key.Value, StringComparer.Ordinal)
            .Select(a => new AccountLine(a.Key.Value, a.Value.Balance, a.Value.Reserved))];

    public async Task<LedgerVerification> Verify()
    {
        var audit = new LedgerAudit();
        while (true)
        {
            var page = await store.Transfers(PoolId, audit.Transfers, Page);
            foreach (var line in page)
                audit.Next(line);
            if (page.Count < Page || audit.FirstProblem is not null)
                break;
        }
        audit.Compare(await store.Accounts(PoolId));
        return new(audit.Transfers, Convert.ToHexStringLower(audit.Head), audit.FirstProblem);
    }
}
