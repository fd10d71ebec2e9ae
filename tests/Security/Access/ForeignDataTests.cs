using System.Security.Cryptography;
using System.Text;
using CocoonPool.Security.Tests.Host;
using CocoonPool.Silo.Api;

namespace CocoonPool.Security.Tests.Access;

/// <summary>A participant tries every door that participants have, with another one's name on it.</summary>
public sealed class ForeignDataTests(PoolUnderAttack pool)
{
    private static readonly string Alice = $"0:{Convert.ToHexStringLower(SHA256.HashData("alice"u8))}";
    private static readonly string Mallory = $"0:{Convert.ToHexStringLower(SHA256.HashData("mallory"u8))}";
    private const string AlicesWorker = "alices-worker";

    [Fact]
    public async Task Participant_AtEveryDoorOfAnother_IsForbidden()
    {
        await AliceIsThere();
        using var mallory = await pool.SignedIn(Permissions.ParticipantRole, Mallory);
        var tried = new List<string>();
        foreach (var door in Door.Of(pool, Alice).Where(d => Permissions.Allows(d.Permission!.Value, Permissions.ParticipantRole) && !Permissions.IsOpen(d.Permission.Value)))
        {
            if (!door.Pattern.Contains("{address}", StringComparison.Ordinal) && !door.Pattern.Contains("{id}", StringComparison.Ordinal))
                continue;
            var path = door.Path.Replace("/nobody", $"/{AlicesWorker}", StringComparison.Ordinal);
            object? body = door.Method is "GET" or "DELETE" ? null : door.Pattern.Contains("settings", StringComparison.Ordinal) ? new { min_payout_nano = "2000000000" } : new { };
            var (status, answer) = await mallory.Send(new HttpMethod(door.Method), path, body);
            status.ShouldBe(403, $"{door}: {answer}");
            tried.Add(door.ToString());
        }

        tried.Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task Participant_CannotActInAnothersName()
    {
        await AliceIsThere();
        using var mallory = await pool.SignedIn(Permissions.ParticipantRole, Mallory);

        (await mallory.Post("/api/v1/participants", new { wallet_address = Alice })).Status.ShouldBe(403);
        (await mallory.Post("/api/v1/workers/register", Worker("mallorys-worker", Alice))).Status.ShouldBe(403);
        // Taking over a worker that is there, by registering it anew for oneself.
        (await mallory.Post("/api/v1/workers/register", Worker(AlicesWorker, Mallory))).Status.ShouldBeOneOf(403, 404, 409);
        using var alice = await pool.SignedIn(Permissions.ParticipantRole, Alice);
        (await alice.Get($"/api/v1/workers/{AlicesWorker}")).Body.Text("participant_address").ShouldBe(Alice);
    }

    [Fact]
    public async Task AddressWrittenAnotherWay_IsStillAnothers()
    {
        await AliceIsThere();
        using var mallory = await pool.SignedIn(Permissions.ParticipantRole, Mallory);
        var friendly = CocoonPool.Domain.Participants.TonAddress.Parse(Alice).ToFriendly();

        foreach (var spelling in (string[])[friendly, Alice.ToUpperInvariant(), Uri.EscapeDataString(Alice), $"{Mallory}/../{Alice}", $"{Alice}%00", $"%30:{Alice[2..]}"])
            (await mallory.Get($"/api/v1/participants/{spelling}/earnings")).Status.ShouldBeOneOf(400, 403, 404);
    }

    [Fact]
    public async Task PersonWhoIsCalledLikeAClient_HasABalanceOfTheirOwn()
    {
        using var operators = pool.NewCaller(pool.OperatorKey);
        using var client = pool.NewCaller((await operators.Post("/api/v1/keys", new { role = "client", subject = "acme", label = "" })).Body.Text("key"));
        using var person = await pool.SignedIn("developer", "acme");

        (await client.Get("/api/v1/usage")).Body.Text("client").ShouldBe("acme");
        (await person.Get("/api/v1/usage")).Body.Text("client").ShouldBe("person:acme");
        (await person.Get("/api/v1/usage?client=acme")).Status.ShouldBe(403);
        (await operators.Post("/api/v1/keys", new { role = "client", subject = "person:acme", label = "" })).Status.ShouldBe(400, "a key would share the person's balance");
    }

    private async Task AliceIsThere()
    {
        using var key = pool.NewCaller(pool.OperatorKey);
        (await key.Post("/api/v1/participants", new { wallet_address = Alice })).Status.ShouldBeOneOf(200, 201);
        (await key.Post("/api/v1/participants", new { wallet_address = Mallory })).Status.ShouldBeOneOf(200, 201);
        var (status, body) = await key.Post("/api/v1/workers/register", Worker(AlicesWorker, Alice));
        status.ShouldBeOneOf([200, 201, 409], body.ToString());
    }

    private static object Worker(string id, string participant) => new
    {
        worker_id = id,
        participant_address = participant,
        hardware = new { gpu_model = "H100", gpu_count = 1, vram_gb = 80, cpu_cores = 8, ram_gb = 64 },
        models = new[] { new { name = "m", max_context_length = 1000, max_concurrency = 1 } },
        coefficient = 1000,
        region = "eu",
        software = "test",
        public_key = PublicKey,
    };

    private static readonly string PublicKey = NewKey();

    private static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }
}
