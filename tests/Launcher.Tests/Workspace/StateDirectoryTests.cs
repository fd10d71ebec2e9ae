using CocoonPool.Client.Launcher;
using CocoonPool.Client.Launcher.Workspace;
using CocoonPool.Launcher.Tests.Fixtures;

namespace CocoonPool.Launcher.Tests.Workspace;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void Remove_OfAFolderThatIsNotOurs_IsRefused_AndCostsNothing()
    {
        var mine = _state.Beside("photos");
        Directory.CreateDirectory(mine);
        File.WriteAllText(Path.Combine(mine, "me.jpg"), "me");

        Should.Throw<LauncherException>(() => new StateDirectory(mine).Remove()).Message.ShouldContain("--state");

        File.ReadAllText(Path.Combine(mine, "me.jpg")).ShouldBe("me");
    }

    [Fact]
    public void Remove_OfOurs_RemovesAllOfIt()
    {
        File.WriteAllText(_state.Directory.Log("silo"), "x");
        _state.Directory.Remove();
        Directory.Exists(_state.Directory.Path).ShouldBeFalse();
    }

    [Fact]
    public void Remove_OfNothing_IsNothing()
    {
        new StateDirectory(_state.Beside("none")).Remove();
        Directory.CreateDirectory(_state.Beside("empty"));
        new StateDirectory(_state.Beside("empty")).Remove();
        Directory.Exists(_state.Beside("empty")).ShouldBeTrue();
    }

    [Fact]
    public void Secrets_AreForTheirOwnerOnly()
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var secrets = new SecretFiles(_state.Directory);
        foreach (var path in (string[])[secrets.OperatorKey, secrets.TicketKey, secrets.GatewayToken, secrets.DatabasePassword, secrets.Store("alice.key", "ck_a"), secrets.Store("alice.key", "ck_b")])
            File.GetUnixFileMode(path).ShouldBe(ownerOnly, path);
        File.GetUnixFileMode(_state.Directory.Secrets).ShouldBe(ownerOnly | UnixFileMode.UserExecute);
        SecretFiles.Read(Path.Combine(_state.Directory.Secrets, "alice.key")).ShouldBe("ck_b");
    }

    [Fact]
    public void Secrets_AreMadeOnce_AndDiffer()
    {
        var key = SecretFiles.Read(new SecretFiles(_state.Directory).OperatorKey);
        key.ShouldMatch("^ck_[A-Za-z0-9_-]{43}$");
        SecretFiles.Read(new SecretFiles(_state.Directory).OperatorKey).ShouldBe(key);
        using var other = new TemporaryState();
        SecretFiles.Read(new SecretFiles(other.Directory).OperatorKey).ShouldNotBe(key);
    }
}
