using System.Text;
using CocoonPool.Security.Tests.Access;
using CocoonPool.Security.Tests.Host;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Audit;

namespace CocoonPool.Security.Tests.Operations;

/// <summary>No change is tried, whatever came of it, without one line in the audit log: at every door of the running host.</summary>
public sealed class AuditedDoorTests(PoolUnderAttack pool)
{
    private static readonly string Nobody = $"0:{new string('7', 64)}";

    [Fact]
    public async Task EveryDoorThatMayChangeSomething_LeavesOneLineForEachCall()
    {
        var wrong = new List<string>();
        var doors = Door.Of(pool, Nobody).Where(d => d.Method is not "GET" && d.Permission is not Permission.Infer && d.Endpoint.Metadata.GetMetadata<NotAudited>() is null).ToList();
        foreach (var door in doors)
        {
            // Whoever may come in, and somebody who may not: both were there.
            foreach (var role in (string?[])[Array.Find(Permissions.Roles, r => Permissions.Allows(door.Permission!.Value, r)), null])
            {
                using var caller = role is null ? pool.NewCaller() : await pool.SignedIn(role, role == Permissions.ParticipantRole ? Nobody : "door-keeper");
                using var request = new HttpRequestMessage(new HttpMethod(door.Method), door.Path);
                if (door.Method is not "DELETE")
                    request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
                using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
                if (await pool.LinesOf(answer) is not 1 and var lines)
                    wrong.Add($"{door} as {role ?? "a stranger"}: {lines} lines after {(int)answer.StatusCode}");
            }
        }

        doors.Count.ShouldBeGreaterThan(40);
        wrong.ShouldBeEmpty();
    }
}
