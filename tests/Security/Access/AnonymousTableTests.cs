using System.Text;
using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.Security.Tests.Host;
using CocoonPool.Silo.Api;

namespace CocoonPool.Security.Tests.Access;

/// <summary>What callers without a key get from every endpoint, as a table that is kept in the repository: a new open door shows in the diff.</summary>
public sealed class AnonymousTableTests(PoolUnderAttack pool)
{
    /// <summary>Set to rewrite the table after endpoints were added on purpose.</summary>
    private const string WriteVariable = "COCOON_WRITE_TABLES";
    private static readonly string Nobody = $"0:{new string('7', 64)}";

    [Fact]
    public async Task EveryEndpoint_AnswersStrangersAsTheTableSays()
    {
        using var stranger = pool.NewCaller();
        var table = new StringBuilder("# What a caller without a key is answered\n\nWritten by `AnonymousTableTests` (set `COCOON_WRITE_TABLES=1` to write it anew) and compared by it in every run.\n\n| endpoint | permission | answer |\n|---|---|---|\n");
        foreach (var door in Door.Of(pool, Nobody))
        {
            using var request = new HttpRequestMessage(new HttpMethod(door.Method), door.Path);
            if (door.Method is not ("GET" or "DELETE"))
                request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
            using var answer = await stranger.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            table.Append($"| `{door.Method} {door.Pattern}` | {door.Permission} | {(int)answer.StatusCode} |\n");
            if (!Permissions.IsOpen(door.Permission!.Value))
                ((int)answer.StatusCode).ShouldBe(401, door.ToString());
        }

        var path = Path.Combine(Checkout.Find().Root, "docs", "anonymous.md");
        if (Environment.GetEnvironmentVariable(WriteVariable) is { Length: > 0 })
            await File.WriteAllTextAsync(path, table.ToString());
        table.ToString().ShouldBe(await File.ReadAllTextAsync(path));
    }
}
