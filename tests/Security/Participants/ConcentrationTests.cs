using System.Security.Cryptography;
using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.Participants;

/// <summary>A pool that enforces its concentration limit lets nobody bring most of its GPUs.</summary>
public sealed class ConcentrationTests(PoolUnderAttack pool)
{
    [Fact]
    public async Task Activation_ThatWouldMakeThePoolHangOnOneParticipant_IsRefused_OnceTheLimitIsEnforced()
    {
        var (small, large) = (await Staked.Join(pool, 200), await Staked.Join(pool, 2_000));
        var (ofSmall, ofLarge) = (await Worker(small, 2), await Worker(large, 1_000));
        (await Activate(small, ofSmall)).Status.ShouldBe(200);
        await Enforce(true);

        var (status, refused) = await Activate(await large.SignedInAgain(pool), ofLarge);

        (status, refused.Code()).ShouldBe((409, "concentration_exceeded"));
        (await (await large.SignedInAgain(pool)).Http.Get(large.Path)).Body.GetProperty("gpus").GetInt32().ShouldBe(0, "what was refused is not counted");
        await Enforce(false);
        (await Activate(await large.SignedInAgain(pool), ofLarge)).Status.ShouldBe(200, "without enforcement it only warns");
        using var key = pool.NewCaller(pool.OperatorKey);
        (await key.Post($"/api/v1/workers/{ofLarge}/quarantine", new { cause = "the test is over" })).Status.ShouldBe(200);
        (await key.Post($"/api/v1/workers/{ofLarge}/deactivate")).Status.ShouldBe(200);
    }

    /// <summary>As two operators do it: agreed, then waited for.</summary>
    private async Task Enforce(bool enforced)
    {
        (await pool.Agree("parameter_change", new { enforce_concentration = enforced, max_concentration_bps = enforced ? 6000 : 3000 })).Text("state").ShouldBe("executed");
        pool.Time.Advance(TimeSpan.FromHours(73));
        using var reader = pool.NewCaller();
        await FourEyes.Until(async () => (await reader.Get("/api/v1/pool/parameters")).Body.GetProperty("enforce_concentration").GetBoolean() == enforced);
    }

    private static Task<(int Status, System.Text.Json.JsonElement Body)> Activate(Staked member, string worker) => member.Http.Post($"/api/v1/workers/{worker}/activate");

    private static async Task<string> Worker(Staked member, int gpus)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = $"worker-{Guid.NewGuid():n}"[..20];
        (await member.Http.Post("/api/v1/workers/register", new
        {
            worker_id = id,
            participant_address = member.Address,
            hardware = new { gpu_model = "H100", gpu_count = gpus, vram_gb = 80, cpu_cores = 8, ram_gb = 64 },
            models = new[] { new { name = "m", max_context_length = 1000, max_concurrency = 1 } },
            coefficient = 1000,
            region = "eu",
            software = "test",
            public_key = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
        })).Status.ShouldBe(201);
        (await member.Http.Post($"/api/v1/workers/{id}/attest")).Status.ShouldBe(200);
        return id;
    }
}
