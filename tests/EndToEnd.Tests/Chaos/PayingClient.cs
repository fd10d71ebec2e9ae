using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests.Chaos;

/// <summary>A client with a prepaid balance, whose books a test can read to the last nanoTON.</summary>
public sealed record PayingClient(LivePool Live, string Name, string Key, long DepositNano)
{
    /// <summary>Pays into the pool on chain, with the client's name in the comment.</summary>
    public static async Task<PayingClient> Create(LivePool live, string name, long nano)
    {
        var client = $"{name}-{Guid.NewGuid():n}";
        var key = (await live.Operator.CreateKey("client", client, name, CancellationToken.None)).Key;
        var wallet = await live.Wallets.Create(client, CancellationToken.None);
        await live.Chain.Faucet(wallet.Address, nano + Ton.FromTon(2), CancellationToken.None);
        await live.Wallets.Send(client, live.Pool.Deployment.Distribution, nano, $"client:{client}", CancellationToken.None);
        var payer = new PayingClient(live, client, key, nano);
        await live.Waiting.Until("the deposit", TimeSpan.FromSeconds(30), async () => Nano(await payer.Usage(), "balance_nano") == nano, CancellationToken.None);
        return payer;
    }

    public async Task<JsonElement> Usage()
    {
        using var response = await Live.Send(HttpMethod.Get, "/api/v1/usage", key: Key);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>No reservation is left, and what is missing of the deposit is what its usage was charged.</summary>
    public async Task OwesNothing(string when)
    {
        await Live.Waiting.Until($"nothing to stay reserved, {when}", TimeSpan.FromSeconds(60), async () => Nano(await Usage(), "reserved_nano") == 0, CancellationToken.None);
        var usage = await Usage();
        var charged = usage.GetProperty("data").EnumerateArray().Sum(line => Nano(line, "charged_nano"));
        Nano(usage, "balance_nano").ShouldBe(DepositNano - charged, when);
        using var response = await Live.Send(HttpMethod.Get, "/api/v1/ledger/verify", key: File.ReadAllText(Live.Pool.Secrets.OperatorKey));
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("first_problem").ValueKind.ShouldBe(JsonValueKind.Null, when);
    }

    private static long Nano(JsonElement element, string name) => long.Parse(element.GetProperty(name).GetString()!);
}
