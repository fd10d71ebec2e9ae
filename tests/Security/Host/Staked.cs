using System.Security.Cryptography;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Security.Tests.Host;

/// <summary>A participant with a stake in the books, signed in.</summary>
public sealed record Staked(string Address, HttpClient Http, string Path)
{
    public static async Task<Staked> Join(PoolUnderAttack pool, long ton)
    {
        var address = $"0:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        using var key = pool.NewCaller(pool.OperatorKey);
        (await key.Post("/api/v1/participants", new { wallet_address = address })).Status.ShouldBe(201);
        if (ton > 0)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(pool.Time.GetUtcNow().ToUnixTimeMilliseconds());
            await pool.Services.GetRequiredService<ILedgerStore>().Append(
                pool.Settings.Id,
                [new Transfer($"stake/test/{address}", AccountName.StakeAccounts, AccountName.Stake(TonAddress.Parse(address)), Nanotons.FromTon(ton), TransferKind.StakeDeposit, "a test's stake", at)]);
        }

        return new(address, await pool.SignedIn("participant", address), $"/api/v1/participants/{address}");
    }

    /// <summary>The same participant later, when the session of before is over.</summary>
    public async Task<Staked> SignedInAgain(PoolUnderAttack pool) => this with { Http = await pool.SignedIn("participant", Address) };
}
