using System.Text.Json;
using CocoonPool.EndToEnd.Tests.Fixtures;

namespace CocoonPool.EndToEnd.Tests;

/// <summary>The operator's commands for the contracts, over the real chain with the deployment's own keys.</summary>
public sealed class ContractToolsTests(LivePool live)
{
    [Fact]
    public async Task Verify_FindsTheCommittedCodeOnChain()
    {
        var verified = await live.Admin("contracts", "verify");
        verified.ExitCode.ShouldBe(0, verified.Output + verified.Error);
        verified.Output.ShouldContain("ok RewardDistribution deployed as committed");
    }

    [Fact]
    public async Task Deploy_OfACompleteDeployment_ChangesNothing()
    {
        var deployed = await live.Admin("contracts", "deploy", "--json");
        deployed.ExitCode.ShouldBe(0, deployed.Error);
        JsonDocument.Parse(deployed.Output).RootElement.GetProperty("distribution").GetString().ShouldBe(live.Pool.Deployment.Distribution);
    }

    [Fact]
    public async Task Export_HasTheStakesOfThoseWhoAreNamed()
    {
        using var folder = new ExportFolder();
        await File.WriteAllLinesAsync(folder.In("participants"), live.Members.Select(member => member.Wallet.Address), TestContext.Current.CancellationToken);
        var exported = await live.Admin("contracts", "export-state", "--out", folder.In("state.json"), "--participants", folder.In("participants"));
        exported.ExitCode.ShouldBe(0, exported.Error);

        using var state = JsonDocument.Parse(await File.ReadAllTextAsync(folder.In("state.json"), TestContext.Current.CancellationToken));
        foreach (var member in live.Members)
        {
            var onBooks = await live.Operator.Participant(member.Wallet.Address, CancellationToken.None);
            state.RootElement.GetProperty("StakeAccount").GetProperty(member.Wallet.Address).GetProperty("state").GetProperty("stakeNano").GetString().ShouldBe(onBooks.StakeNano);
        }
    }

    [Fact]
    public async Task Upgrade_ToTheCodeThatIsThere_HasNothingToDo_AndSaysWhatAnOwnerElsewhereWouldSend()
    {
        (await live.Admin("contracts", "upgrade", "show", "RewardDistribution")).Output.ShouldContain("up_to_date");
        (await live.Admin("contracts", "upgrade", "propose", "RewardDistribution")).Output.ShouldContain("up_to_date");
        (await live.Admin("contracts", "upgrade", "propose", "PoolOperator", "--unsigned")).Output.ShouldContain("body, base64");
        var refused = await live.Admin("contracts", "upgrade", "apply", "PoolOperator", "--unsigned");
        (refused.ExitCode, refused.Error.Contains("up_to_date: propose it first", StringComparison.Ordinal)).ShouldBe((1, true), refused.Error);
        (await live.Admin("contracts", "upgrade", "show", "StakeAccount")).ExitCode.ShouldBe(2, "a stake account's code never changes");
    }

    private sealed class ExportFolder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("cocoon-export-").FullName;

        public string In(string name) => Path.Combine(_path, name);

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
