using CocoonPool.Client.Admin;
using CocoonPool.Security.Tests.Host;

namespace CocoonPool.Security.Tests.Operations;

/// <summary>The operator's command line against the running pool, as a person uses it: signed in, with a session in a file.</summary>
public sealed class AdminProgramTests(PoolUnderAttack pool) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cocoon-admin-").FullName;

    [Fact]
    public async Task AccountsKeysAuditAndConfiguration_AreRunFromTheCommandLine()
    {
        var admin = await Person.Create(pool, "pool-admin");
        var session = await LogIn(admin);
        var name = $"bob-{Guid.NewGuid():n}"[..16];

        (await Run(session, "user", "create", name, "--role", "auditor")).ShouldContain("one-time secret");
        (await Run(session, "user", "list")).ShouldContain(name);
        (await Run(session, "user", "grant", name, "--role", "operator")).ShouldContain("operator");
        (await Run(session, "user", "credentials", name)).ShouldContain("recovery codes");
        (await Run(session, "user", "logout-all", name)).ShouldContain("at once");
        (await Run(session, "user", "disable", name)).ShouldContain("at once");
        (await Run(session, "user", "audit", admin.Username)).ShouldContain("sign_in");
        (await Run(session, "key", "rotate")).ShouldContain("new key");
        (await Run(session, "audit", "show", "--limit", "5")).ShouldContain(admin.Username);
        (await Run(session, "audit", "verify")).ShouldContain("ok Every line");
        (await Run(session, "config", "verify")).ShouldContain("ok Nothing was found (Development)");
        (await Run(session, "config", "show")).ShouldContain("Approvals:Timelock");
        (await Run(session, "approval", "list")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Webhooks_AreRunFromTheCommandLine()
    {
        var session = await LogIn(await Person.Create(pool, "operator"));

        var made = await Run(session, ["webhook", "create", "https://receiver.example/hook", "--event", "epoch_finalized", "--event", "approval_executed"], "a secret of the receiver\n");
        var id = made.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
        (await Run(session, "webhook", "list")).ShouldContain("epoch_finalized approval_executed");
        (await Run(session, "webhook", "deliveries")).ShouldNotBeNull();
        (await Run(session, ["webhook", "replay", $"{Guid.NewGuid()}"], "", ExitCode.Refused)).ShouldNotContain("sent again");
        (await Run(session, "webhook", "remove", id)).ShouldContain("told no more");
    }

    [Fact]
    public async Task OwnNewCredentials_EndTheSessionOfTheFile()
    {
        var person = await Person.Create(pool, "operator");
        var session = await LogIn(person);

        (await Run(session, ["user", "credentials"], $"{person.Password}\n{person.NextCode()}\nmy own long words\n")).ShouldContain("one-time secret");

        await Run(session, ["approval", "list"], "", ExitCode.Refused);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<string> LogIn(Person person)
    {
        var file = Path.Combine(_directory, person.Username);
        await Run(null, ["login", "--username", person.Username, "--session-file", file], $"{person.Password}\n{person.NextCode()}\n");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    private Task<string> Run(string session, params string[] command) => Run(session, command, "");

    private async Task<string> Run(string? session, string[] command, string answers, int ends = ExitCode.Done)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] key = session is null ? [] : ["--key-file", session];
        var code = await AdminProgram.Run(
            [.. command, "--url", pool.Url.ToString(), .. key], output, error, _ => null, TestContext.Current.CancellationToken, new StringReader(answers));
        code.ShouldBe(ends, $"{string.Join(' ', command)}: {output}{error}");
        return output.ToString();
    }
}
