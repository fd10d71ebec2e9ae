using CocoonPool.Client.Launcher;
using CocoonPool.Client.Launcher.Postgres;
using CocoonPool.Launcher.Tests.Fixtures;

namespace CocoonPool.Launcher.Tests.Postgres;

public sealed class OutsideDataTests : IDisposable
{
    private readonly TemporaryState _state = new();
    private readonly OutsideData _outside;

    public OutsideDataTests()
    {
        Directory.CreateDirectory(_state.Beside("tmp"));
        _outside = new OutsideData(_state.Directory, _state.Beside("tmp"));
    }

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Create_MakesAFolderThatOthersMayEnterButNotList_AndRemoveTakesItAway()
    {
        await _outside.Create(CancellationToken.None);
        await _outside.Create(CancellationToken.None);
        (File.GetUnixFileMode(_outside.Path) & UnixFileMode.OtherRead).ShouldBe(UnixFileMode.None);
        (File.GetUnixFileMode(_outside.Path) & UnixFileMode.OtherExecute).ShouldBe(UnixFileMode.OtherExecute);

        await _outside.Remove(CancellationToken.None);
        Directory.Exists(_outside.Path).ShouldBeFalse();
    }

    [Fact]
    public async Task CreateAndRemove_WhenALinkWasPutThere_AreRefused_AndItsTargetIsLeftAlone()
    {
        var target = _state.Beside("target");
        Directory.CreateDirectory(target);
        File.WriteAllText(Path.Combine(target, "precious"), "x");
        Directory.CreateSymbolicLink(_outside.Path, target);

        (await Should.ThrowAsync<LauncherException>(() => _outside.Create(CancellationToken.None))).Message.ShouldContain(_outside.Path);
        await Should.ThrowAsync<LauncherException>(() => _outside.Remove(CancellationToken.None));

        File.Exists(Path.Combine(target, "precious")).ShouldBeTrue();
    }

    [Fact]
    public async Task Remove_OfNothing_IsNothing() => await _outside.Remove(CancellationToken.None);
}
