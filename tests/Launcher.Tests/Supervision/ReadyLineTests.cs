using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.Launcher.Tests.Fixtures;

namespace CocoonPool.Launcher.Tests.Supervision;

public sealed class ReadyLineTests : IDisposable
{
    private readonly ReadyLine _ready = new("silo ready");
    private readonly TemporaryState _state = new();

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("silo ready http://127.0.0.1:1\n", true)]
    [InlineData("starting\nsilo ready\nmore\n", true)]
    [InlineData("silo ready http://127.0.0.1:1", false)]
    [InlineData("starting\nsilo rea", false)]
    [InlineData("the silo ready soon\n", false)]
    [InlineData("\n", false)]
    [InlineData("", false)]
    public void OnlyAWholeLineThatBeginsSo_Counts(string output, bool ready) => _ready.Contains(output).ShouldBe(ready);

    [Fact]
    public async Task Log_ThatGrows_IsReadyOnceTheLineIsWhole()
    {
        var log = _state.Directory.Log("silo");
        (await IsReady(0)).ShouldBeFalse();
        await File.AppendAllTextAsync(log, "silo ready http://127");
        (await IsReady(0)).ShouldBeFalse();
        await File.AppendAllTextAsync(log, ".0.0.1:1\n");
        (await IsReady(0)).ShouldBeTrue();

        Task<bool> IsReady(long from) => _ready.IsReady(log, from, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WhatAnEarlierStartWrote_DoesNotCount()
    {
        var log = _state.Directory.Log("silo");
        await File.WriteAllTextAsync(log, "silo ready\n");
        (await _ready.IsReady(log, new FileInfo(log).Length, TestContext.Current.CancellationToken)).ShouldBeFalse();
    }
}
