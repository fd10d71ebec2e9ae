using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.Receipts;

/// <summary>Who may say that a worker's attestation is wrong, and what has to be said.</summary>
public sealed class AttestationDoorTests(PoolUnderAttack pool)
{
    private static readonly object Forged = new { fault = "bad_signature", reason = "The chain ends at a key of nobody's.", evidence = "AAECAw==" };

    [Fact]
    public async Task Rejection_ByTheOperator_ShutsTheWorkerOut_AndIsReported()
    {
        using var worker = await Forger.Join(pool);
        using var operators = pool.NewCaller(pool.OperatorKey);

        var (status, body) = await operators.Post($"/api/v1/workers/{worker.Worker}/attestation/rejections", Forged);

        (status, body.Text("state"), body.GetProperty("attestation").Text("verdict")).ShouldBe((200, "quarantined", "rejected"));
        (await operators.Get($"/api/v1/participants/{worker.Participant}/misconduct")).Body.ToString().ShouldContain("invalid_attestation");
        (await operators.Post($"/api/v1/workers/{worker.Worker}/activate")).Status.ShouldBe(409);
    }

    [Fact]
    public async Task Rejection_WithoutFaultReasonOrEvidence_IsNone()
    {
        using var worker = await Forger.Join(pool);
        using var operators = pool.NewCaller(pool.OperatorKey);
        foreach (var wrong in (object[])
        [
            new { }, new { fault = "bad_signature" }, new { fault = "bad_signature", reason = "r" }, new { fault = "no_such_fault", reason = "r", evidence = "e" },
            new { fault = "lost", reason = "", evidence = "e" }, new { fault = "lost", reason = "r", evidence = new string('e', 32_769) },
        ])
            (await operators.Post($"/api/v1/workers/{worker.Worker}/attestation/rejections", wrong)).Status.ShouldBe(400);
        (await operators.Get($"/api/v1/workers/{worker.Worker}")).Body.Text("state").ShouldBe("registered");
        (await operators.Post("/api/v1/workers/nobody/attestation/rejections", Forged)).Status.ShouldBe(404);
    }
}
