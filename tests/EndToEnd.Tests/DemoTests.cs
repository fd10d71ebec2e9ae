using System.Diagnostics;
using CocoonPool.Client.Launcher.Supervision;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests;

public sealed class DemoTests(LivePool live)
{
    [Fact]
    public async Task Demo_WhenItsLauncherIsKilledAndStartedAgain_PlaysToTheEnd()
    {
        var state = Path.Combine(Path.GetTempPath(), $"cocoon-e2e-demo-{Guid.NewGuid():n}");
        var command = new[] { "dotnet", live.Checkout.Program("Launcher", "cocoon-launcher"), "demo", "--requests", "12", "--state", state };
        try
        {
            await KillAt("worker agents connect", command);

            var run = await CommandRun.Of(command, CancellationToken.None);

            run.ExitCode.ShouldBe(0, run.Output + run.Error);
            run.Output.ShouldContain("12 answers, 4 of them streamed");
            run.Output.ShouldContain("2 batches");
            run.Output.ShouldContain("Everybody was paid exactly their share.");
            RunRecord.ReadAll(Path.Combine(state, "run")).ShouldBeEmpty("everything that was started is stopped");
        }
        finally
        {
            if (Directory.Exists(state))
                Directory.Delete(state, recursive: true);
        }
    }

    [Theory]
    [InlineData("--participants", "0")]
    [InlineData("--requests", "-5")]
    public async Task Demo_WhenAnOptionIsOutOfBounds_SaysTheBoundAndStartsNothing(string option, string value)
    {
        var state = Path.Combine(Path.GetTempPath(), $"cocoon-e2e-demo-{Guid.NewGuid():n}");

        var run = await CommandRun.Of(["dotnet", live.Checkout.Program("Launcher", "cocoon-launcher"), "demo", option, value, "--state", state], CancellationToken.None);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(option);
        Directory.Exists(state).ShouldBeFalse();
    }

    /// <summary>Starts the command and kills it, and it alone, when it prints the text.</summary>
    private static async Task KillAt(string text, string[] command)
    {
        var info = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(info)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.Contains(text, StringComparison.Ordinal))
        {
        }
        process.HasExited.ShouldBeFalse("it was to be killed before its end");
        process.Kill();
        await process.WaitForExitAsync();
    }
}
