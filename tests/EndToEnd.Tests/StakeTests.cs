using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests;

/// <summary>A stake on the real contracts, through the real gateway, into the books and back.</summary>
public sealed class StakeTests(LivePool live)
{
    [Fact]
    public async Task Stake_IsFollowedFromTheRegistrationToTheRequest_AndHeldOnChainByASlash()
    {
        var newcomer = await Newcomer.Join(live, "staker");
        var registered = await live.Operator.Participant(newcomer.Address, CancellationToken.None);
        registered.StakeNano.ShouldBe(registered.RequiredStakeNano, "what was sent is the stake, to the nanoTON");

        await live.Wallets.Stake("staker", live.Pool.Deployment.Registry, Ton.FromTon(30), CancellationToken.None);
        await live.Wallets.Unstake("staker", live.Pool.Deployment.Registry, Ton.FromTon(20), CancellationToken.None);
        var asked = await Eventually("the request", async () => (await Ask(HttpMethod.Get, newcomer, "stake/withdrawals")).GetProperty("data") is { } all && all.GetArrayLength() == 1 ? all[0] : null);
        (asked.GetProperty("on_chain").GetBoolean(), asked.GetProperty("amount_nano").GetString(), asked.GetProperty("state").GetString()).ShouldBe((true, $"{Ton.FromTon(20)}", "waiting"));
        (await Ask(HttpMethod.Post, newcomer, $"stake/withdrawals/{asked.GetProperty("id").GetString()}/complete", new { })).GetProperty("error").GetProperty("code").GetString().ShouldBe("withdrawal_not_due");

        // What a slash may take is held back on chain, and let go when the slash is.
        var slash = await Ask(HttpMethod.Post, newcomer, "slashes", new { offence = "forged_receipt", evidence = "end to end" });
        slash.GetProperty("amount_nano").GetString().ShouldBe($"{(Ton.Parse(registered.StakeNano) + Ton.FromTon(30)) / 4}");
        await Eventually("the suspension", async () => (await OnChain(newcomer)).GetProperty("suspended_until").GetInt64() > 0 ? slash : null);
        await Ask(HttpMethod.Post, newcomer, $"slashes/{slash.GetProperty("id").GetString()}/void", new { reason = "a test" });
        await Eventually("the end of the suspension", async () => (await OnChain(newcomer)).GetProperty("suspended_until").GetInt64() == 0 ? slash : null);

        var onChain = await OnChain(newcomer);
        onChain.GetProperty("stake_nano").GetString().ShouldBe($"{Ton.Parse(registered.StakeNano) + Ton.FromTon(30)}");
        (await live.Operator.Participant(newcomer.Address, CancellationToken.None)).StakeNano.ShouldBe(onChain.GetProperty("stake_nano").GetString());
    }

    private async Task<JsonElement> Eventually(string what, Func<Task<JsonElement?>> look)
    {
        JsonElement? found = null;
        await live.Waiting.Until(what, TimeSpan.FromSeconds(60), async () => (found = await look()) is not null, CancellationToken.None);
        return found!.Value;
    }

    private Task<JsonElement> OnChain(Newcomer participant) =>
        Ask(HttpMethod.Get, $"{live.Pool.Chain.GatewayUrl}/v1/stakes/{participant.Address}", live.Pool.Secrets.GatewayToken, null);

    private Task<JsonElement> Ask(HttpMethod method, Newcomer participant, string path, object? body = null) =>
        Ask(method, $"{live.Pool.SiloUrl}/api/v1/participants/{participant.Address}/{path}", live.Pool.Secrets.OperatorKey, body);

    private async Task<JsonElement> Ask(HttpMethod method, string url, string keyFile, object? body)
    {
        using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SecretFiles.Read(keyFile));
        using var response = await live.Http.SendAsync(request);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
