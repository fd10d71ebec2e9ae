using System.Diagnostics;
using CocoonPool.Agent.Tests.Fixtures;
using CocoonPool.Agent.Tests.Link;
using CocoonPool.Client.Agent.Keys;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Agent.Tests.Commands;

/// <summary>The program itself, as a process.</summary>
public sealed class RunCommandTests
{
    [Fact]
    public async Task Run_SaysWhenItIsReady_Serves_AndLeavesOnSigterm()
    {
        using var directory = new TemporaryDirectory();
        await using var pool = await PoolUnderTest.Start();
        using (var key = WorkerKey.LoadOrCreate(Path.Combine(directory.Path, "state")))
            pool.Worker(new WorkerId("a-process")).PublicKey = key.PublicKey;
        var file = Path.Combine(directory.Path, "worker.yaml");
        await File.WriteAllTextAsync(file, $$"""
            worker: { pool_url: "{{pool.Url}}", participant_address: "0:{{new string('c', 64)}}", worker_id: a-process, gpu_devices: [0] }
            models: [ { name: test-model, backend_url: "demo:?token_ms=0" } ]
            monitoring: { metrics_port: 0 }
            """);
        using var process = Start("run", "-c", file);

        await ReadUntil(process, "worker ready a-process").Soon();
        var items = await TaskLinkTests.Collect(pool.Run(new WorkerId("a-process"), PoolUnderTest.Chat("p-1", stream: true)));
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync().Soon();
        var rest = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().Soon();

        items[^1].End!.Status.ShouldBe(200);
        process.ExitCode.ShouldBe(0, await rest);
        (await pool.Worker(new WorkerId("a-process")).Closed.Next()).Cause.ShouldBe("bye");
    }

    [Fact]
    public async Task Run_WithMistakesInTheFile_NamesThemAllAndEnds()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "worker.yaml");
        await File.WriteAllTextAsync(file, "worker: { coefficient: 5 }\n");
        using var process = Start("run", "-c", file);

        var errors = await process.StandardError.ReadToEndAsync().Soon();
        await process.WaitForExitAsync().Soon();

        process.ExitCode.ShouldBe(1);
        errors.ShouldContain("worker.pool_url");
        errors.ShouldContain("worker.coefficient");
    }

    [Fact]
    public async Task Run_OverPlainHttpToAnotherMachine_IsRefused_AndSaysWhatToDo()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "worker.yaml");
        await File.WriteAllTextAsync(file, $$"""
            worker: { pool_url: "http://pool.example", participant_address: "0:{{new string('c', 64)}}", gpu_devices: [0] }
            models: [ { name: test-model, backend_url: "demo:" } ]
            """);
        using var process = Start("run", "-c", file);

        var errors = await process.StandardError.ReadToEndAsync().Soon();
        await process.WaitForExitAsync().Soon();

        process.ExitCode.ShouldBe(1);
        errors.ShouldContain("worker.pool_url");
        errors.ShouldContain("use https://");
        errors.ShouldContain("allow_plain_http");
    }

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "cocoon-worker.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static async Task ReadUntil(Process process, string wanted)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (string.Equals(line, wanted, StringComparison.Ordinal))
                return;
        }
        throw new InvalidOperationException($"The process ended without '{wanted}'.");
    }
}
