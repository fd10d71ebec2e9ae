using System.Collections.Concurrent;
using System.Net;
using CocoonPool.Client.Admin;
using CocoonPool.Security.Tests.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Security.Tests.Access;

/// <summary>Every command of <c>cocoon-admin</c> is a call of an endpoint that names a permission: the one table decides for the command line too.</summary>
public sealed class CommandTests(PoolUnderAttack pool)
{
    private const string ContractTools = "runs the contracts' own programs where the keys are; no pool has them";

    /// <summary>Commands that ask no pool, and why.</summary>
    private static readonly Dictionary<string, string> Offline = new(StringComparer.Ordinal)
    {
        ["verify-epoch"] = "recomputes a file on the caller's own machine",
        ["contracts deploy"] = ContractTools,
        ["contracts verify"] = ContractTools,
        ["contracts export-state"] = ContractTools,
        ["contracts upgrade show"] = ContractTools,
        ["contracts upgrade propose"] = ContractTools,
        ["contracts upgrade apply"] = ContractTools,
        ["contracts upgrade cancel"] = ContractTools,
    };

    [Fact]
    public async Task EveryCommand_CallsAnEndpointThatNamesAPermission()
    {
        var asked = new ConcurrentQueue<(string Method, string Path)>();
        await using var refusing = await Refusing(asked);
        var key = Path.GetTempFileName();
        await File.WriteAllTextAsync(key, "ck_nobody", TestContext.Current.CancellationToken);
        var doors = Door.Of(pool, $"0:{new string('7', 64)}");
        var wrong = new List<string>();

        foreach (var (name, examples) in AdminProgram.Commands())
        {
            if (examples.FirstOrDefault(e => e.StartsWith(name, StringComparison.Ordinal)) is not { } example)
            {
                wrong.Add($"{name} has no example of its own");
                continue;
            }
            asked.Clear();
            await AdminProgram.Run(
                [.. Words(example), "--url", refusing.Urls.Single(), "--key-file", key], TextWriter.Null, TextWriter.Null, _ => null, TestContext.Current.CancellationToken,
                answers: new StringReader("one answer of sixteen letters\n123456\nanother answer of many letters\n"));
            if (asked.TryPeek(out var call) == Offline.ContainsKey(name))
                wrong.Add(Offline.ContainsKey(name) ? $"{name} asks a pool, and is said not to" : $"{name} asks nothing: {example}");
            else if (call.Method is not null && !doors.Any(d => d.Permission is not null && string.Equals(d.Method, call.Method, StringComparison.Ordinal) && d.Fits(call.Path)))
                wrong.Add($"{name} calls {call.Method} {call.Path}, which is no endpoint with a permission");
        }

        File.Delete(key);
        wrong.ShouldBeEmpty();
    }

    /// <summary>Splits as a shell would: quotes of both kinds, and backslashes inside double ones.</summary>
    private static IEnumerable<string> Words(string line)
    {
        var (word, quote, inside) = (new System.Text.StringBuilder(), '\0', false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote == '\0' && c is '\'' or '"' && quote is '\0')
                (quote, inside) = (c, true);
            else if (c == quote && quote != '\0')
                quote = '\0';
            else if (c == ' ' && quote == '\0')
            {
                if (inside)
                    yield return word.ToString();
                (inside, _) = (false, word.Clear());
            }
            else
                (inside, _) = (true, word.Append(c == '\\' && quote == '"' ? line[++i] : c));
        }
        if (inside)
            yield return word.ToString();
    }

    /// <summary>A server that notes what it is asked and refuses it, so that no command goes on.</summary>
    private static async Task<WebApplication> Refusing(ConcurrentQueue<(string, string)> asked)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context =>
        {
            asked.Enqueue((context.Request.Method, context.Request.Path.Value!));
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync("""{"error":{"code":"forbidden","message":"no"}}""");
        });
        await app.StartAsync();
        return app;
    }
}
