using CocoonPool.Domain.Ledger;
using CocoonPool.Grains;
using CocoonPool.Grains.Ledger;
using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Ledger;

/// <summary>The books: solvency for everybody, transfers for auditors.</summary>
public static class LedgerEndpoints
{
    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/solvency", Solvent).Requires(Permission.Public).WithSummary("Assets against liabilities.");
        routes.MapGet("/api/v1/ledger/transfers", Transfers).Requires(Permission.ReadAll).WithSummary("The transfers in order, with their hash chain.");
        routes.MapGet("/api/v1/ledger/verify", async (ILedgerStore ledger, PoolSettings settings, CancellationToken cancellationToken) => await ledger.Verify(settings.Id, cancellationToken))
            .Requires(Permission.ReadAll).WithSummary("Replays every transfer and the hash chain.");
    }

    private static async Task<object> Solvent(ILedgerStore ledger, PoolSettings settings, CancellationToken cancellationToken)
    {
        var accounts = await ledger.Accounts(settings.Id, cancellationToken);
        var solvency = Solvency.FromBooks(accounts);
        return new
        {
            assetsNano = solvency.Assets,
            inFlightNano = solvency.InFlight,
            liabilitiesNano = solvency.Liabilities,
            solvency.RatioPpm,
            solvency.Solvent,
            source = "books",
            accounts = accounts.Where(a => !IsPersonal(a.Key)).OrderBy(a => a.Key.Value, StringComparer.Ordinal)
                .Select(a => new { account = a.Key.Value, balanceNano = a.Value.Balance }),
        };
    }

    private static async Task<object> Transfers(ILedgerStore ledger, PoolSettings settings, int? limit, long? cursor, CancellationToken cancellationToken)
    {
        var size = Math.Clamp(limit ?? 50, 1, 1_000);
        var page = await ledger.Transfers(settings.Id, cursor ?? 0, size, cancellationToken);
        return new
        {
            data = page.Select(line => new
            {
                line.Sequence,
                line.Transfer.Id,
                line.Transfer.Action,
                debit = line.Transfer.Debit.Value,
                credit = line.Transfer.Credit.Value,
                amountNano = line.Transfer.Amount,
                line.Transfer.Kind,
                line.Transfer.Reference,
                line.Transfer.At,
                line.Transfer.Reservation,
                hash = Convert.ToHexStringLower(line.Hash),
            }),
            pagination = new { next_cursor = page.Count == size ? page[^1].Sequence.ToString() : null, has_more = page.Count == size },
        };
    }

    /// <summary>Single people's balances are nobody else's business; their sum is in the liabilities.</summary>
    private static bool IsPersonal(AccountName account) =>
        account.Value.StartsWith("participant:", StringComparison.Ordinal) || account.Value.StartsWith("client:", StringComparison.Ordinal);
}
