namespace CocoonPool.Domain.Ledger;

/// <summary>Whether the pool can pay everything it owes: chain assets, money in flight among them, against all liabilities.</summary>
/// <param name="Assets">What the contracts and wallets of the pool hold, by the books or by the chain.</param>
/// <param name="InFlight">Liabilities that are being paid right now.</param>
/// <param name="Liabilities">Everything owed: rewards, stakes, fees, client balances, revenue not yet shared.</param>
public sealed record Solvency(Nanotons Assets, Nanotons InFlight, Nanotons Liabilities)
{
    public bool Solvent => Assets >= Liabilities;

    /// <summary>Assets ÷ liabilities in parts per million, rounded down; 1,000,000 when nothing is owed.</summary>
    public long RatioPpm => Liabilities.IsPositive ? (long)((Int128)Assets.Value * 1_000_000 / Liabilities.Value) : 1_000_000;

    /// <summary>From the books alone; whoever compares with the chain replaces the assets by what the chain says.</summary>
    public static Solvency FromBooks(IReadOnlyDictionary<AccountName, AccountFigures> accounts)
    {
        var assets = Nanotons.Sum(accounts.Where(a => a.Key.IsChainAsset).Select(a => a.Value.Balance));
        var inFlight = accounts.GetValueOrDefault(AccountName.InFlight).Balance
            + Nanotons.Sum(accounts.Where(a => a.Key.Value.EndsWith(":rewards", StringComparison.Ordinal)).Select(a => a.Value.Reserved));
        var liabilities = Nanotons.Sum(accounts.Where(a => a.Key.Side == AccountSide.Credit && a.Key != AccountName.Burned).Select(a => a.Value.Balance));
        return new(assets, inFlight, liabilities);
    }
}
