using System.Text.Json;
using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.SignIn;

public sealed class WalletTests
{
    private readonly PoolUnderAttack _pool;
    private const string Domain = "localhost";
    private const int Alice = 0xa1;
    private const int Mallory = 0xee;

    public WalletTests(PoolUnderAttack pool)
    {
        _pool = pool;
        // The chain gateway judges the age of proofs too, by its own clock.
        pool.Time.Reset();
    }

    private long Now => _pool.Time.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public async Task Proof_OfOnesOwnWallet_OpensOnesOwnData()
    {
        using var stranger = _pool.NewCaller();
        var (address, body) = await Proof(Alice);

        var (status, tokens) = await stranger.Post("/auth/token", body);

        status.ShouldBe(200, tokens.ToString());
        tokens.GetProperty("expires_in").GetInt32().ShouldBe(3600);
        using var alice = _pool.NewCaller(tokens.Text("access_token"));
        var session = (await alice.Get("/auth/session")).Body;
        (session.Text("role"), session.Text("subject")).ShouldBe(("participant", address));
        (await alice.Post("/api/v1/participants", new { wallet_address = address })).Status.ShouldBeOneOf(200, 201);
        (await alice.Get($"/api/v1/participants/{address}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Proof_WithTheTimestampAsText_IsTheSame()
    {
        using var stranger = _pool.NewCaller();
        var (_, body) = await Proof(Alice, change: p => p["timestamp"] = $"{p["timestamp"]}");

        (await stranger.Post("/auth/token", body)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Proof_UsedTwice_IsReplayed()
    {
        using var stranger = _pool.NewCaller();
        var (_, body) = await Proof(Alice);
        (await stranger.Post("/auth/token", body)).Status.ShouldBe(200);

        await Refused(body, "replayed");
    }

    [Fact]
    public async Task Proof_UsedByManyAtOnce_OpensOneSession()
    {
        using var stranger = _pool.NewCaller();
        var (_, body) = await Proof(Alice);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => stranger.Post("/auth/token", body)));

        answers.Count(a => a.Status == 200).ShouldBe(1);
        answers.Count(a => a.Status == 401).ShouldBe(7);
    }

    [Fact]
    public async Task Proof_OfAnotherWallet_DoesNotOpenMine() =>
        // Mallory signs Alice's address with Mallory's key, and shows Mallory's code and data.
        await Refused((await Proof(Mallory, claim: await AddressOf(Alice))).Body, "state_init_mismatch");

    [Fact]
    public async Task Proof_WithTheRightStateInitAndTheWrongKey_IsForged()
    {
        var (_, body) = await Proof(Mallory, claim: await AddressOf(Alice), change: async p => p["state_init"] = (await _pool.Wallets.Sign(Alice, Domain, Now, "x")).StateInit);

        await Refused(body, "wrong_signature");
    }

    [Fact]
    public async Task Proof_WithoutStateInit_OfAWalletThatIsNotDeployed_CannotBeChecked() =>
        await Refused((await Proof(Alice, change: p => p.Remove("state_init"))).Body, "unknown_wallet");

    [Theory]
    [InlineData("te6cckEBAQEAAgAAAEysuc0=", "state_init_mismatch")] // an empty cell
    [InlineData("not base64!", "malformed_proof")]
    [InlineData("AAAA", "malformed_proof")]
    public async Task Proof_WithATrickStateInit_IsRefused(string stateInit, string reason) =>
        await Refused((await Proof(Alice, change: p => p["state_init"] = stateInit)).Body, reason);

    [Fact]
    public async Task Proof_OfAContractThatIsNoWallet_IsRefused()
    {
        // Its address is the hash of its state init and its data holds the key: only the code says that nobody's key decides there.
        using var stranger = _pool.NewCaller();
        var address = (await _pool.Wallets.Sign(Mallory, Domain, Now, "x", version: 0)).Address;
        var payload = (await stranger.Post("/auth/challenge", new { wallet_address = address })).Body.Text("payload");
        var signed = await _pool.Wallets.Sign(Mallory, Domain, Now, payload, version: 0);
        var (_, body) = await Proof(Mallory, address, p =>
        {
            (p["payload"], p["signature"], p["state_init"]) = (payload, signed.Signature, signed.StateInit);
            return Task.CompletedTask;
        });

        await Refused(body, "unknown_wallet");
    }

    [Fact]
    public async Task Proof_ForAnotherDomain_IsRefused() => await Refused((await Proof(Alice, domain: "evil.example")).Body, "other_domain");

    [Fact]
    public async Task Proof_WithAnotherLengthOfTheDomain_IsRefused() => await Refused((await Proof(Alice, length: 4)).Body, "other_domain");

    [Fact]
    public async Task Proof_MadeTooLongAgo_IsRefused() => await Refused((await Proof(Alice, age: 301)).Body, "out_of_time");

    [Fact]
    public async Task Proof_FromTheFuture_IsRefused() => await Refused((await Proof(Alice, age: -120)).Body, "out_of_time");

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task Proof_AtTheEndsOfTime_IsRefused(long timestamp) =>
        await Refused((await Proof(Alice, change: p => p["timestamp"] = timestamp)).Body, "out_of_time");

    [Fact]
    public async Task Challenge_OfAnotherAddress_IsUnknown()
    {
        using var stranger = _pool.NewCaller();
        var payload = (await stranger.Post("/auth/challenge", new { wallet_address = await AddressOf(Mallory) })).Body.Text("payload");

        await Refused((await Proof(Alice, payload: payload)).Body, "unknown_challenge");
    }

    [Fact]
    public async Task Challenge_ThatThePoolDidNotMake_IsUnknown() => await Refused((await Proof(Alice, payload: new string('A', 75))).Body, "unknown_challenge");

    [Fact]
    public async Task Challenge_OlderThanFiveMinutes_IsUnknown()
    {
        using var stranger = _pool.NewCaller();
        var payload = (await stranger.Post("/auth/challenge", new { wallet_address = await AddressOf(Alice) })).Body.Text("payload");
        _pool.Time.Advance(TimeSpan.FromMinutes(5));

        await Refused((await Proof(Alice, payload: payload)).Body, "unknown_challenge");
    }

    [Fact]
    public async Task Challenge_OfAPoolOnAnotherNetwork_IsUnknown()
    {
        // The same host and secret, but a pool on testnet: its MAC covers the network.
        var elsewhere = new Silo.Auth.WalletChallenge(new byte[32], new Grains.PoolSettings { Id = _pool.Settings.Id, Network = CocoonPool.Domain.Participants.TonNetwork.Testnet }, _pool.Time);
        var here = new Silo.Auth.WalletChallenge(new byte[32], new Grains.PoolSettings { Id = _pool.Settings.Id, Network = CocoonPool.Domain.Participants.TonNetwork.Mainnet }, _pool.Time);
        var address = CocoonPool.Domain.Participants.TonAddress.Parse(await AddressOf(Alice));

        here.Read(elsewhere.Make(address).Payload, address).ShouldBeNull();
        here.Read(here.Make(address).Payload, address).ShouldNotBeNull();
    }

    [Fact]
    public async Task Proof_ThatNamesAnotherNetwork_IsRefused()
    {
        using var stranger = _pool.NewCaller();
        var (_, body) = await Proof(Alice);
        body["network"] = "mainnet";

        (await stranger.Post("/auth/token", body)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Challenges_AskedForInMasses_LeaveNothingBehind()
    {
        using var stranger = _pool.NewCaller();
        var before = await _pool.Scalar<long>("select count(*) from used_challenges");
        var address = await AddressOf(Alice);

        foreach (var _ in Enumerable.Range(0, 200))
            (await stranger.Post("/auth/challenge", new { wallet_address = address })).Status.ShouldBe(200);

        (await _pool.Scalar<long>("select count(*) from used_challenges")).ShouldBe(before);
    }

    private async Task Refused(Dictionary<string, object?> body, string reason)
    {
        using var stranger = _pool.NewCaller();
        var sessions = await _pool.Scalar<long>("select count(*) from sessions");

        var (status, answer) = await stranger.Post("/auth/token", body);

        (status, answer.Code()).ShouldBe((401, "unauthorized"), answer.ToString());
        answer.GetProperty("error").Text("message").ShouldContain($"({reason})");
        (await _pool.Scalar<long>("select count(*) from sessions")).ShouldBe(sessions, "a refused proof leaves no session behind");
    }

    private async Task<string> AddressOf(int wallet) => (await _pool.Wallets.Sign(wallet, Domain, Now, "x")).Address;

    private Task<(string Address, Dictionary<string, object?> Body)> Proof(
        int wallet, string domain = Domain, int age = 0, string? claim = null, string? payload = null, int? length = null, Action<Dictionary<string, object?>>? change = null) =>
        Proof(wallet, domain, age, claim, payload, length, p =>
        {
            change?.Invoke(p);
            return Task.CompletedTask;
        });

    private Task<(string Address, Dictionary<string, object?> Body)> Proof(int wallet, string claim, Func<Dictionary<string, object?>, Task> change) =>
        Proof(wallet, Domain, 0, claim, null, null, change);

    private async Task<(string Address, Dictionary<string, object?> Body)> Proof(
        int wallet, string domain, int age, string? claim, string? payload, int? length, Func<Dictionary<string, object?>, Task> change)
    {
        using var stranger = _pool.NewCaller();
        var address = claim ?? await AddressOf(wallet);
        payload ??= (await stranger.Post("/auth/challenge", new { wallet_address = address })).Body.Text("payload");
        var timestamp = Now - age;
        var signed = await _pool.Wallets.Sign(wallet, domain, timestamp, payload, claim);
        var proof = new Dictionary<string, object?>
        {
            ["timestamp"] = timestamp,
            ["domain"] = new Dictionary<string, object> { ["lengthBytes"] = length ?? domain.Length, ["value"] = domain },
            ["payload"] = payload,
            ["signature"] = signed.Signature,
            ["state_init"] = signed.StateInit,
        };
        await change(proof);
        return (address, new() { ["wallet_address"] = address, ["proof"] = JsonSerializer.SerializeToElement(proof) });
    }
}
