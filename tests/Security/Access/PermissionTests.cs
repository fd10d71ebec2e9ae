using CocoonPool.Security.Tests.Host;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Security.Tests.Access;

public sealed class PermissionTests(PoolUnderAttack pool)
{
    private static readonly string Nobody = $"0:{new string('7', 64)}";

    [Fact]
    public void EveryEndpoint_NamesAPermission()
    {
        var doors = Door.Of(pool, Nobody);

        doors.Count.ShouldBeGreaterThan(40);
        doors.Where(d => d.Permission is null).ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryEndpoint_LetsInExactlyTheRolesOfTheTable()
    {
        var wrong = new List<string>();
        foreach (var door in Door.Of(pool, Nobody))
        {
            foreach (var role in Permissions.Roles)
            {
                // A session for each call: some doors end it.
                using var caller = await pool.SignedIn(role, role == Permissions.ParticipantRole ? Nobody : $"role-{role}");
                using var request = new HttpRequestMessage(new HttpMethod(door.Method), door.Path);
                if (door.Method is not ("GET" or "DELETE"))
                    request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
                using var answer = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var turnedAway = (int)answer.StatusCode == 403 && (await answer.Content.ReadAsStringAsync()).Contains("may not do this", StringComparison.Ordinal);
                if (turnedAway == Permissions.Allows(door.Permission!.Value, role) || (int)answer.StatusCode == 401 && !Permissions.IsOpen(door.Permission.Value))
                    wrong.Add($"{door} as {role}: {(int)answer.StatusCode}, the table says {(turnedAway ? "yes" : "no")}");
                if ((int)answer.StatusCode == 500)
                    wrong.Add($"{door} as {role}: 500");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void ChangesWithoutAnAuditLine_AreThese_AndSayWhy()
    {
        var silent = Door.Of(pool, Nobody).Select(d => (Door: d, Why: d.Endpoint.Metadata.GetMetadata<NotAudited>())).Where(d => d.Why is not null).ToList();

        silent.Select(d => d.Door.ToString()).ShouldBe(
        [
            "POST /api/v1/contributions/heartbeat", "POST /api/v1/contributions/task", "POST /api/v1/tasks/request", "POST /api/v1/tasks/submit", "POST /auth/challenge",
        ]);
        silent.ShouldAllBe(d => d.Why!.Because.Length > 10);
    }

    [Fact]
    public void EveryPermission_IsInTheTableOrOpen()
    {
        foreach (var permission in Enum.GetValues<Permission>())
            Should.NotThrow(() => Permissions.Allows(permission, Permissions.WorkerRole), permission.ToString());
    }

    [Theory]
    [InlineData("pool-admin")]
    [InlineData("security")]
    [InlineData("worker")]
    [InlineData("Operator")]
    [InlineData("nobody")]
    public async Task ApiKey_OfARoleThatOnlyPeopleHave_CannotBeMade(string role)
    {
        using var caller = pool.NewCaller(pool.OperatorKey);

        var (status, body) = await caller.Post("/api/v1/keys", new { role, subject = "x", label = "" });

        (status, body.Code()).ShouldBe((400, "invalid_request"));
    }
}
