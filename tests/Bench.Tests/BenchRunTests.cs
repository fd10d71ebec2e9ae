using CocoonPool.Bench.Goals;
using CocoonPool.Bench.Harness;
using CocoonPool.Bench.Results;
using CocoonPool.Client.Launcher.Reporting;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Bench.Tests;

public sealed class BenchRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cocoon-bench-").FullName;

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Run_WhenAMustRatioIsMissed_FailsOnlyWhenAskedToCheck(bool check, int exit) =>
        (await Run([new Fixed("slow", HotAccount(4))], check)).ShouldBe(exit);

    [Fact]
    public async Task Run_WhenOnlyATimeIsMissed_PassesTheCheck() =>
        (await Run([new Fixed("start", Goal.Start.Measured(Sample.Exactly(60)))], check: true)).ShouldBe(0);

    [Fact]
    public async Task Run_WhenABenchmarkBreaks_FailsAndKeepsTheFiguresOfTheOthers()
    {
        (await Run([new Broken(), new Fixed("good", HotAccount(30))])).ShouldBe(1);
        (await Kept()).Results.ShouldHaveSingleItem().Row.ShouldBe(Goal.HotAccount.Key);
    }

    [Fact]
    public async Task Run_WhenSomethingIsNotOnThisMachine_IsNoFailureAndNoResult()
    {
        (await Run([new NotHere()], check: true)).ShouldBe(0);
        (await Kept()).Results.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ComparedWithABetterPast_Fails()
    {
        await Run([new Fixed("then", HotAccount(30))]);
        var past = Path.Combine(_folder, "past.json");
        File.Copy(Path.Combine(_folder, "results.json"), past);

        (await Run([new Fixed("now", HotAccount(29))], past: past)).ShouldBe(0);
        (await Run([new Fixed("now", HotAccount(20))], past: past)).ShouldBe(1);
    }

    [Fact]
    public async Task Run_WritesWhatPeopleReadBesideWhatProgramsRead()
    {
        await Run([new Fixed("good", HotAccount(30))]);
        (await File.ReadAllTextAsync(Path.Combine(_folder, "RESULTS.md"))).ShouldContain(Goal.HotAccount.What);
        (await Kept()).Runs.ShouldHaveSingleItem().Machine.Cores.ShouldBe(Environment.ProcessorCount);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Measurement HotAccount(double ratio) => Goal.HotAccount.Measured(Sample.Exactly(ratio), Sample.Exactly(1));

    private Task<ResultsFile> Kept() => ResultsFile.Read(Path.Combine(_folder, "results.json"));

    private Task<int> Run(IReadOnlyList<IBenchmark> benchmarks, bool check = false, string? past = null) =>
        new BenchRun(Checkout.Find(), new Report(TimeProvider.System), TimeProvider.System, "local").Run(
            new BenchOptions(check, past, Tolerance: 0.2, Quick: true, _folder), benchmarks, CancellationToken.None);

    private sealed record Fixed(string Name, Measurement Found) : IBenchmark
    {
        public string Room => "Room";

        public string Summary => "always the same";

        public Task<IReadOnlyList<Measurement>> Run(BenchContext context) => Task.FromResult<IReadOnlyList<Measurement>>([Found]);
    }

    private sealed class Broken : IBenchmark
    {
        public string Name => "broken";

        public string Room => "Room";

        public string Summary => "has a bug";

        public Task<IReadOnlyList<Measurement>> Run(BenchContext context) => throw new InvalidOperationException("a bug");
    }

    private sealed class NotHere : IBenchmark
    {
        public string Name => "not-here";

        public string Room => "Room";

        public string Summary => "needs what is not there";

        public Task<IReadOnlyList<Measurement>> Run(BenchContext context) => throw new NotMeasurableException("install it");
    }
}
